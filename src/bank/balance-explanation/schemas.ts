import type { Static } from 'typebox';
import { AttachmentSchema } from '#features/holds/attachments/schemas.ts';
import { HoldSchema } from '#features/holds/schemas.ts';
import { AccountLineSchema } from '#features/transactions/contract.ts';
import { currency, id, list, signedAmount, text, whole } from '#http/fields.ts';
import { nullable, resource } from '#http/schemas.ts';

const Booked = resource(
  'BookedBalance',
  'What was posted, and by which lines: `before` and the lines add up to it.',
  {
    amount: signedAmount('What was posted by then.'),
    lineCount: whole('How many lines the account had by then.', 42),
    before: signedAmount('The balance before the oldest of these lines.'),
    lines: list(
      'The newest lines by then, newest first; the others are a list of their own (listAccountTransactions). Empty for callers who may not read that.',
      AccountLineSchema,
    ),
  },
);

const Held = resource('HeldBalance', 'What is set aside: what remains of each of these, and `unlisted`.', {
  amount: signedAmount('What is held in all.'),
  holds: list(
    'Active holds, newest first; each holds its `remainingAmount`. Empty for callers who may not list them.',
    HoldSchema,
  ),
  attachments: list(
    'Orders in force, newest first; each holds its `heldAmount`. Empty for callers who may not list them.',
    AttachmentSchema,
  ),
  unlisted: signedAmount(
    'What is held beyond those: more than the first hundred, or what the caller is not told of.',
  ),
});

const Overdraft = resource('OverdraftBalance', 'What may be spent beyond what there is, as it stands.', {
  arranged: signedAmount('How far the balance may go below zero.'),
  used: signedAmount('How much of that is drawn or held.'),
  unarranged: signedAmount('How far it is below that; zero for nearly all.'),
});

export const BalanceExplanationSchema = resource(
  'BalanceExplanation',
  'Why a balance is what it is: booked, less held, and the arranged overdraft is what is available.',
  {
    accountId: id('account', 'The account.'),
    currency: currency('The currency of the amounts.'),
    asOf: nullable(text('The date or instant asked for; null for now.', '2026-03-31')),
    booked: Booked,
    held: nullable(Held),
    overdraft: nullable(Overdraft),
    available: nullable(
      signedAmount(
        'What may be spent. Null for an earlier time, like what was held and allowed then: it is not kept.',
      ),
    ),
  },
);
export type BalanceExplanation = Static<typeof BalanceExplanationSchema>;
