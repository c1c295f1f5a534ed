import type { Services } from '#bank/services.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { demoAccount } from './accounts.ts';
import { type DemoIds, FIRST_ID_MS, namedUuid } from './demo-ids.ts';
import { type AccountIds, accountIdOf, DEMO_CALLER } from './open-accounts.ts';
import { SeededRandom } from './random.ts';
import { regularPayments } from './regular-payments.ts';

/** A payment of one account to another every month, always of the same amount. */
type MonthlyPayment = {
  readonly from: string;
  readonly to: string;
  readonly day: number;
  readonly amountMinor: bigint;
  readonly text: string;
};

/**
 * Makes standing orders of the demo's monthly payments between customers (salaries, rents, savings), from today on: the
 * year itself is over. Accounts that are frozen or closed order nothing. Returns how many orders.
 */
export async function giveStandingOrders(
  { accounts, standingOrders }: Services,
  ids: DemoIds,
  accountIds: AccountIds,
  today: IsoDate,
): Promise<number> {
  let given = 0;
  for (const [index, { from, to, day, amountMinor, text }] of monthlyPayments().entries()) {
    const payer = await accounts.get(DEMO_CALLER, accountIdOf(accountIds, from));
    const payee = await accounts.get(DEMO_CALLER, accountIdOf(accountIds, to));
    if (payer.funds.status !== 'active' || payee.funds.status !== 'active') continue;
    const id = namedUuid(`standing order ${index} ${from} ${to}`, FIRST_ID_MS + index, 0);
    await ids.giving(id, () =>
      standingOrders.create(DEMO_CALLER, {
        accountId: payer.id,
        payee: { accountId: payee.id },
        amountMinor,
        currency: demoAccount(from).currency,
        every: { count: 1, unit: 'month' },
        startOn: today,
        endOn: undefined,
        dayOfMonth: day,
        description: text,
      }),
    );
    given += 1;
  }
  return given;
}

function monthlyPayments(): MonthlyPayment[] {
  // The numbers decide only payments to other banks: any will do.
  return regularPayments(new SeededRandom(1)).flatMap(({ account, flow }): MonthlyPayment[] => {
    const { when, minor, text } = flow;
    const [amountMinor, mostMinor] = minor;
    const isFixed = amountMinor === mostMinor && 'day' in when && when.months === undefined;
    if (flow.kind !== 'to' || !isFixed) return [];
    return [{ from: account, to: flow.to, day: when.day, amountMinor, text }];
  });
}
