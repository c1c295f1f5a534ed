import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { Account, findAccount, insertHolders, updateAccount } from '#features/accounts/contract.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import { findProduct } from '#features/products/contract.ts';
import { updateLedgerAccount } from '#ledger/customer-accounts.ts';
import type { AccountState } from '#ledger/evaluate.ts';
import { assert } from '#lib/assert.ts';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Entities } from './entities.ts';
import type { Problems } from './errors.ts';
import type { Disposition } from './rows/disposition.ts';
import type { Row } from './rows/row-type.ts';

/**
 * Lets further clients act on accounts of an earlier import, whose rows this transaction has locked. What the
 * account or the customer refuses goes to `problems`.
 */
export async function addHolders(
  context: Context,
  tx: Tx,
  dispositions: readonly Row<Disposition>[],
  entities: Entities,
  problems: Problems,
): Promise<void> {
  const { bookId } = context;
  for (const { file, line, value } of dispositions) {
    const accountId = entities.accountId(value.accountId);
    const customerId = entities.customerId(value.clientId);
    const holder = { customerId, role: value.role };
    const account = await loadAccount(tx, bookId, accountId);
    const customer = await lockCustomer(tx, context, customerId);
    assert(customer !== undefined, 'a customer with a record is there');
    try {
      customer.assertActive();
      account.addHolder(holder);
    } catch (error) {
      if (!(error instanceof FlorinError)) throw error;
      problems.add({ file, line, message: error.message });
      continue;
    }
    await insertHolders(tx, bookId, [{ accountId, ...holder }]);
    await updateAccount(tx, bookId, account);
  }
}

/**
 * Gives accounts that this transaction has locked the overdraft their new transactions need. An account that is
 * frozen or closed is left to the ledger, which refuses the transactions themselves.
 */
export async function lowerFloors(
  tx: Tx,
  bookId: number,
  states: ReadonlyMap<string, AccountState>,
  floors: ReadonlyMap<string, bigint>,
): Promise<void> {
  for (const [key, { id, status, floorMinor }] of states) {
    const neededMinor = floors.get(key);
    if (neededMinor === undefined || neededMinor >= floorMinor || status !== 'active') continue;
    const account = await loadAccount(tx, bookId, id);
    const overdraftLimitMinor = -neededMinor;
    const { product: code, currency, openedOn } = account.state;
    const product = await findProduct(tx, bookId, { code, currency }, openedOn);
    product?.assertOverdraft(overdraftLimitMinor);
    account.change({ overdraftLimitMinor });
    await updateAccount(tx, bookId, account);
    await updateLedgerAccount(tx, bookId, id, { floorMinor: neededMinor });
  }
}

async function loadAccount(tx: Tx, bookId: number, id: AccountId): Promise<Account> {
  const stored = await findAccount(tx, bookId, id);
  assert(stored !== undefined, 'an account with a record is there');
  return new Account(stored);
}
