import type { StoredDepositEvent } from '#features/deposits/event-repository.ts';
import { instalmentView } from '#features/deposits/instalment-schemas.ts';
import type { StoredDeposit } from '#features/deposits/repository.ts';
import { depositEventView, depositView } from '#features/deposits/schemas.ts';
import type { LoanDetails } from '#features/loans/commands.ts';
import type { StoredEvent } from '#features/loans/event-repository.ts';
import { loanEventView, loanView } from '#features/loans/schemas.ts';
import { securityView } from '#features/loans/security-schemas.ts';
import type { SeenExecution } from '#features/standing-orders/execution.ts';
import { executionView, standingOrderView } from '#features/standing-orders/schemas.ts';
import type { StandingOrderDetails } from '#features/standing-orders/service.ts';
import type { Caller } from '#lib/caller.ts';
import { type AccountId, type CustomerId, toTypeId } from '#lib/ids.ts';
import type { Services } from '../services.ts';
import { type Collected, each, pages, shown, whole } from './pages.ts';

/** Orders of accounts, each with its due dates. */
export async function collectOrders(
  { standingOrders }: Services,
  caller: Caller,
  accountIds: readonly AccountId[],
) {
  const orders = await each(accountIds, (accountId) =>
    pages(
      (after, limit) => standingOrders.list(caller, { accountId, after, limit }),
      ({ id }: StandingOrderDetails) => id,
    ),
  );
  const histories = await ofEach(orders, async ({ id }) => {
    const executions = await pages(
      (before, limit) => standingOrders.listExecutions(caller, id, { before, limit }),
      ({ dueOn }: SeenExecution) => dueOn,
    );
    const { rows, isCutOff } = shown(executions, executionView);
    return { view: { standingOrderId: toTypeId('standingOrder', id), executions: rows }, isCutOff };
  });
  return { standingOrders: shown(orders, standingOrderView), standingOrderHistories: histories };
}

/** Deposits for a term, each with its instalments and with what happened to it. */
export async function collectDeposits(
  { deposits, instalments }: Services,
  caller: Caller,
  customerId: CustomerId,
) {
  const made = await pages(
    (after, limit) => deposits.list(caller, { customerId, after, limit }),
    ({ maturesOn, id }: StoredDeposit) => ({ maturesOn, id }),
  );
  const histories = await ofEach(made, async (deposit) => {
    const events = await pages(
      async (after, limit) => (await deposits.listEvents(caller, deposit.id, { after, limit })).events,
      ({ number }: StoredDepositEvent) => number,
    );
    const { rows, isCutOff } = shown(events, (event) => depositEventView(event, deposit.currency));
    const owed = (await instalments.list(caller, deposit.id)).map(instalmentView);
    return { view: { timeDepositId: depositView(deposit).id, events: rows, instalments: owed }, isCutOff };
  });
  return { timeDeposits: shown(made, depositView), timeDepositHistories: histories };
}

/** Loans, each with what happened to it and what secures it, and the loans of others that the customer stands for. */
export async function collectLoans(
  { loans, loanSecurity }: Services,
  caller: Caller,
  customerId: CustomerId,
) {
  const lent = await pages(
    (after, limit) => loans.list(caller, { customerId, after, limit }),
    ({ loan }: LoanDetails) => loan.id,
  );
  const histories = await ofEach(lent, async ({ loan: { id, currency } }) => {
    const events = await pages(
      async (before, limit) => (await loans.listEvents(caller, id, { before, limit })).events,
      ({ number }: StoredEvent) => number,
    );
    const { rows, isCutOff } = shown(events, (event) => loanEventView(event, currency));
    const security = securityView(await loanSecurity.get(caller, id), currency);
    return { view: { loanId: toTypeId('loan', id), transactions: rows, security }, isCutOff };
  });
  const stoodFor = await loanSecurity.ofParty(customerId);
  const securedLoans = stoodFor.map(({ loanId, ...party }) => ({
    loanId: toTypeId('loan', loanId),
    ...party,
  }));
  return { loans: shown(lent, loanView), loanHistories: histories, securedLoans: whole(securedLoans) };
}

type History<View> = { readonly view: View; readonly isCutOff: boolean };

/** The history of each row; cut off where one of them is. */
async function ofEach<Row, View>(
  { rows, isCutOff }: Collected<Row>,
  read: (row: Row) => Promise<History<View>>,
): Promise<Collected<View>> {
  const found: History<View>[] = [];
  for (const row of rows) found.push(await read(row));
  return {
    rows: found.map(({ view }) => view),
    isCutOff: isCutOff || found.some((history) => history.isCutOff),
  };
}
