import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { insertOrders, StandingOrder } from '#features/standing-orders/contract.ts';
import { newId } from '#lib/ids.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import type { Entities } from './entities.ts';
import { CZK } from './fields.ts';
import type { OnProgress } from './progress.ts';
import type { BankAccount } from './rows/account.ts';
import type { StandingOrderRow } from './rows/order.ts';
import type { Row } from './rows/row-type.ts';
import type { BankTransaction } from './rows/transaction.ts';

/** Orders of which the transactions show no payment: in the middle of the days on which the others are paid. */
const DEFAULT_DAY = 10;
const CHUNK = 1_000;

export type OrdersToLoad = {
  readonly orders: readonly Row<StandingOrderRow>[];
  /** Opened with this import; an order begins with its account. */
  readonly accounts: readonly Row<BankAccount>[];
  readonly transactions: readonly Row<BankTransaction>[];
};

/**
 * Creates standing orders from the file. Each is paid every month, on the day of the month on which the transactions
 * show it paid. It starts on the day after the book's date, or when its account opens. The rows' ids are their
 * external ids.
 */
export async function loadOrders(
  { bookId, ids }: Context,
  tx: Tx,
  { orders, accounts, transactions }: OrdersToLoad,
  entities: Entities,
  businessDate: IsoDate,
  onProgress: OnProgress,
): Promise<void> {
  const days = lastDays(transactions);
  const openedOn = new Map(accounts.map(({ value }) => [value.accountId, value.openedOn]));
  const from = addDays(businessDate, 1);
  for (let start = 0; start < orders.length; start += CHUNK) {
    const chunk = orders.slice(start, start + CHUNK).map(({ id: externalId, value }) => {
      const { bank, accountNumber, amountMinor, purpose } = value;
      const startOn = laterOf(openedOn.get(value.accountId) ?? from, from);
      const order = {
        id: newId(ids, 'standingOrder'),
        accountId: entities.accountId(value.accountId),
        payee: { scheme: undefined, bank, accountNumber },
        amountMinor,
        currency: CZK,
        every: { count: 1, unit: 'month' as const },
        startOn,
        endOn: undefined,
        dayOfMonth: days.get(paymentKey(value)) ?? DEFAULT_DAY,
        purpose,
        externalId,
      };
      return StandingOrder.open(order, startOn);
    });
    await insertOrders(tx, bookId, chunk);
    onProgress({ phase: 'standing orders', done: start + chunk.length, total: orders.length });
  }
}

/** The day of the month of the last payment to each account of another bank, by payer, payee and amount. */
function lastDays(transactions: readonly Row<BankTransaction>[]): Map<string, number> {
  const dates = new Map<string, IsoDate>();
  for (const { value } of transactions) {
    const { accountId, date, signedMinor, counterpartyBank, counterpartyAccount } = value;
    if (value.movement.type !== 'outgoing_payment') continue;
    if (counterpartyBank === undefined || counterpartyAccount === undefined) continue;
    const payee = { bank: counterpartyBank, accountNumber: counterpartyAccount };
    const key = paymentKey({ accountId, ...payee, amountMinor: -signedMinor });
    const last = dates.get(key);
    if (last === undefined || date > last) dates.set(key, date);
  }
  return new Map([...dates].map(([key, date]) => [key, Number(date.slice(8))]));
}

function paymentKey(payment: Omit<StandingOrderRow, 'purpose'>): string {
  const { accountId, bank, accountNumber, amountMinor } = payment;
  return [accountId, bank, accountNumber, amountMinor].join(' ');
}
