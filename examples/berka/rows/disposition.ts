import { readCode, readId } from '../fields.ts';
import type { RowType } from './row-type.ts';

/** What a client may do with an account. */
export type Disposition = {
  readonly clientId: string;
  readonly accountId: string;
  readonly role: 'owner' | 'authorised';
};

const ROLES: ReadonlyMap<string, Disposition['role']> = new Map([
  ['OWNER', 'owner'],
  ['DISPONENT', 'authorised'],
]);

export const DISPOSITION: RowType<'disp_id' | 'client_id' | 'account_id' | 'type', Disposition> = {
  name: 'disposition',
  columns: ['disp_id', 'client_id', 'account_id', 'type'],
  read: (texts) => {
    readId(texts.disp_id, 'disp_id');
    return {
      clientId: readId(texts.client_id, 'client_id'),
      accountId: readId(texts.account_id, 'account_id'),
      role: readCode(texts.type, 'type', ROLES),
    };
  },
  links: ({ clientId, accountId }) => [
    { to: 'client', id: clientId },
    { to: 'account', id: accountId },
  ],
};
