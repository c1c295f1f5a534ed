import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import {
  closeEmptied,
  type Holder,
  insertAccounts,
  newAccount,
  takeAccountNumbers,
} from '#features/accounts/contract.ts';
import { agreeInterest } from '#features/accrual/contract.ts';
import { hasActiveAttachment } from '#features/holds/contract.ts';
import { agreedInterest } from '#features/interest/contract.ts';
import { depositInput, type Product } from '#features/products/contract.ts';
import { openLedgerAccounts } from '#ledger/customer-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { Agreed } from './agree.ts';

/** A deposit whose account is to be opened. */
export type NewContract = Labels &
  Pick<Agreed, 'ratePpm' | 'maturesOn'> & {
    readonly id: AccountId;
    readonly customerId: CustomerId;
    /** Who holds it beside the customer. */
    readonly holders?: readonly Holder[];
    readonly product: Product;
    readonly openedOn: IsoDate;
  };

/** Opens the accounts of new deposits, which nothing moves but their contracts, with what was agreed of their interest. */
export async function openContractAccounts(
  tx: Tx,
  { bookId }: Pick<Context, 'bookId'>,
  contracts: readonly NewContract[],
): Promise<void> {
  if (contracts.length === 0) return;
  const numbers = await takeAccountNumbers(tx, bookId, contracts.length);
  const accounts = contracts.map(({ product, ...contract }, index) => {
    const number = numbers[index];
    assert(number !== undefined, 'a number was taken for each');
    const { id, customerId, openedOn, holders = [], externalId, metadata } = contract;
    const { code, currency } = product.state;
    const labels = { externalId, metadata };
    const opened = { id, customerId, openedOn, holders, product: code, currency, overdraftLimitMinor: 0n };
    return newAccount({ ...opened, ...number, ...labels });
  });
  await openLedgerAccounts(
    tx,
    bookId,
    contracts.map(({ id, product: { state } }) => ({
      id,
      glCode: state.glCode,
      currency: state.currency,
      floorMinor: 0n,
      isContract: true,
    })),
  );
  await insertAccounts(tx, bookId, accounts);
  await agreeInterest(
    tx,
    bookId,
    contracts.map(({ id: accountId, product, ratePpm, maturesOn }) => {
      const input = product.version && depositInput(product.version.terms);
      assert(input !== undefined, 'a product of deposits has terms');
      const terms = agreedInterest(input.interest, formatRatePpm(ratePpm));
      return { accountId, through: addDays(maturesOn, -1), terms };
    }),
  );
}

/**
 * Closes the accounts of deposits that are over and paid. Where an authority has an order on one, it stays open for it.
 * Their rows and ledger accounts are locked.
 */
export async function closeContractAccounts(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
  on: IsoDate,
): Promise<void> {
  const emptied = (await hasActiveAttachment(tx, bookId, ids)) ? await withoutOrders(tx, bookId, ids) : ids;
  await closeEmptied(tx, bookId, emptied, { on, reason: 'The deposit is over.' });
}

/** One by one: hardly any deposit is attached. */
async function withoutOrders(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<AccountId[]> {
  const free: AccountId[] = [];
  for (const id of ids) if (!(await hasActiveAttachment(tx, bookId, [id]))) free.push(id);
  return free;
}
