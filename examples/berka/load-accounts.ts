import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import {
  type Account,
  type Holder,
  insertAccounts,
  newAccount,
  takeAccountNumbers,
} from '#features/accounts/contract.ts';
import { findProduct } from '#features/products/contract.ts';
import { openLedgerAccounts } from '#ledger/customer-accounts.ts';
import { assert } from '#lib/assert.ts';
import { newId } from '#lib/ids.ts';
import type { Entities } from './entities.ts';
import { CZK } from './fields.ts';
import type { OnProgress } from './progress.ts';
import type { BankAccount } from './rows/account.ts';
import type { Disposition } from './rows/disposition.ts';
import type { Row } from './rows/row-type.ts';

/** An account is 10 parameters of at most 65,535 in a statement. */
const CHUNK = 1_000;
const PRODUCT = 'current';

export type AccountsToLoad = {
  readonly accounts: readonly Row<BankAccount>[];
  /** Who may act on them: every account has one owner. */
  readonly dispositions: readonly Row<Disposition>[];
  /** How far below zero each account goes, by its id in the files; zero if it is not there. Minor units. */
  readonly floors: ReadonlyMap<string, bigint>;
};

/** Opens accounts with their holders and with the overdraft that their transactions need. */
export async function loadAccounts(
  context: Context,
  tx: Tx,
  { accounts, dispositions, floors }: AccountsToLoad,
  entities: Entities,
  onProgress: OnProgress,
): Promise<void> {
  if (accounts.length === 0) return;
  const { bookId } = context;
  const product = await findProduct(tx, bookId, { code: PRODUCT, currency: CZK });
  assert(product !== undefined, `the book offers ${PRODUCT} accounts in ${CZK}`);
  product.assertOffered();
  const holders = Map.groupBy(dispositions, ({ value }) => value.accountId);
  const numbers = (await takeAccountNumbers(tx, bookId, accounts.length)).values();
  for (let start = 0; start < accounts.length; start += CHUNK) {
    const chunk = accounts.slice(start, start + CHUNK).map(({ value }) => {
      const overdraftLimitMinor = -(floors.get(value.accountId) ?? 0n);
      product.assertOverdraft(overdraftLimitMinor);
      const id = newId(context.ids, 'account');
      entities.add('account', value.accountId, { accountId: id });
      const holding = holdersOf(holders.get(value.accountId) ?? [], entities);
      const number = numbers.next().value;
      assert(number !== undefined, 'every account has a number');
      const values = { ...accountOf(value, entities), ...holding, ...number };
      return newAccount({ id, ...values, overdraftLimitMinor });
    });
    await openLedgerAccounts(
      tx,
      bookId,
      chunk.map((account) => ledgerAccountOf(account, product.state.glCode)),
    );
    await insertAccounts(tx, bookId, chunk);
    onProgress({ phase: 'accounts', done: start + chunk.length, total: accounts.length });
  }
}

function accountOf({ accountId, districtId, statementFrequency, openedOn }: BankAccount, entities: Entities) {
  const { name, region } = entities.district(districtId);
  return {
    product: PRODUCT,
    currency: CZK,
    openedOn,
    externalId: accountId,
    metadata: { branch: name, branchRegion: region, statementFrequency },
  };
}

/** The owner, and who else may act. */
function holdersOf(dispositions: readonly Row<Disposition>[], entities: Entities) {
  const holders = dispositions.map(
    ({ value }): Holder => ({ customerId: entities.customerId(value.clientId), role: value.role }),
  );
  const owner = holders.find(({ role }) => role === 'owner');
  assert(owner !== undefined, 'every account was checked to have an owner');
  return { customerId: owner.customerId, holders: holders.filter((holder) => holder !== owner) };
}

function ledgerAccountOf({ state }: Account, glCode: string) {
  const { id, currency, funds } = state;
  return { id, glCode, currency, floorMinor: -funds.overdraftLimitMinor };
}
