import type { Problems } from './errors.ts';
import type { BankAccount } from './rows/account.ts';
import type { Disposition } from './rows/disposition.ts';
import type { Row } from './rows/row-type.ts';

/** Every new account has one owner, accounts that exist get no second one, and nobody is named twice. */
export function checkOwners(
  accounts: readonly Row<BankAccount>[],
  dispositions: readonly Row<Disposition>[],
  problems: Problems,
): void {
  const isNew = new Set(accounts.map(({ id }) => id));
  const owned = new Set<string>();
  const named = new Set<string>();
  for (const { file, line, value } of dispositions) {
    const { clientId, accountId, role } = value;
    const pair = `${clientId} ${accountId}`;
    if (named.has(pair)) {
      problems.add({ file, line, message: `client ${clientId} is named for account ${accountId} before` });
    }
    named.add(pair);
    if (role !== 'owner') continue;
    if (owned.has(accountId) || !isNew.has(accountId)) {
      problems.add({ file, line, message: `account ${accountId} has an owner already` });
    }
    owned.add(accountId);
  }
  for (const { file, line, id } of accounts) {
    if (!owned.has(id)) problems.add({ file, line, message: `account ${id} has no owner in disp.csv` });
  }
}
