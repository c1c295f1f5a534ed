import { type Static, Type } from 'typebox';
import { choice, flag, givenText, text, whole } from '#http/fields.ts';
import { closedObject, nullable, requestObject, resource } from '#http/schemas.ts';
import { ACCOUNT_CLASSES, type GlAccount } from './gl-account.ts';

export const AccountClassSchema = choice('AccountClass', 'The class of the line.', ACCOUNT_CLASSES);

const MANUAL = 'Whether journal entries by hand may post to it.';
const CONTROL =
  'Whether its balance is that of other rows, such as customers’ accounts: it is never posted to by hand.';

export const GlAccountSchema = resource('GlAccount', 'A line of the chart of accounts.', {
  code: text('The code.', '6100'),
  name: text('The name.', 'Rent of branches'),
  class: AccountClassSchema,
  parent: nullable(text('The code of the group above it.', '61')),
  isGroup: flag('Whether other lines name it as their parent: nothing is posted to it.'),
  manualPosting: flag(MANUAL),
  control: flag(CONTROL),
  retired: flag('Whether nothing more is posted to it by hand.'),
  version: whole('How often it was changed, from 1.', 1),
});
export type GlAccountView = Static<typeof GlAccountSchema>;

export function glAccountView({ parent, ...line }: GlAccount): GlAccountView {
  return { ...line, parent: parent ?? null };
}

export const CreateGlAccountRequest = requestObject('CreateGlAccountRequest', 'A new line of the chart.', {
  code: Type.String({
    description: 'The code: 1 to 10 digits.',
    examples: ['6100'],
    pattern: '^[0-9]{1,10}$',
  }),
  name: givenText('The name.', 'Rent of branches', 100),
  class: AccountClassSchema,
  parent: Type.Optional(
    givenText(
      'The code of a group of the same class. A line that nothing is posted to becomes one.',
      '61',
      10,
    ),
  ),
  manualPosting: Type.Optional(flag(`${MANUAL} Yes if not given, but for a control line.`)),
  control: Type.Optional(flag(`${CONTROL} No if not given.`)),
});

export const ChangeGlAccountRequest = requestObject(
  'ChangeGlAccountRequest',
  'What is to be changed of a line. What is not given stays.',
  {
    name: Type.Optional(givenText('The name.', 'Rent of branches', 100)),
    class: Type.Optional(AccountClassSchema),
    parent: Type.Optional(nullable(givenText('The code of a group; null for none.', '61', 10))),
    manualPosting: Type.Optional(flag(MANUAL)),
    retired: Type.Optional(flag('Whether nothing more is posted to it by hand. It has no balance then.')),
  },
);

/** Named, because other codes stand in paths too. */
export const GlAccountParams = closedObject({
  code: Type.String({ title: 'GlAccountCode', description: 'The code of the line.', examples: ['6100'] }),
});
