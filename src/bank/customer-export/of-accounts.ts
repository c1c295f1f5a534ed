import { feeView } from '#features/charges/schemas.ts';
import type { StoredFee } from '#features/charges/stored-fee.ts';
import type { Attachment } from '#features/holds/attachments/attachment.ts';
import { attachmentView } from '#features/holds/attachments/schemas.ts';
import type { Hold } from '#features/holds/hold.ts';
import { holdView } from '#features/holds/schemas.ts';
import { accountLimitsView } from '#features/limits/schemas.ts';
import type { IncomingPayment } from '#features/payments/incoming-payment.ts';
import type { StoredOutgoing } from '#features/payments/outgoing-repository.ts';
import { incomingView, outgoingView } from '#features/payments/schemas.ts';
import { summaryView } from '#features/statements/schemas.ts';
import type { StoredStatement } from '#features/statements/statement.ts';
import { transactionView } from '#features/transactions/schemas.ts';
import type { Transaction } from '#features/transactions/transaction.ts';
import type { Caller } from '#lib/caller.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Services } from '../services.ts';
import { each, one, pages, shown } from './pages.ts';

/** What the bank keeps about accounts. */
export async function collectOfAccounts(
  services: Services,
  caller: Caller,
  accountIds: readonly AccountId[],
) {
  const { charges, limits, statements, transactions } = services;
  const posted = await each(accountIds, (accountId) =>
    pages(
      (after, limit) => transactions.list(caller, { accountId, after, limit }),
      ({ state }: Transaction) => state.id,
    ),
  );
  const fees = await each(accountIds, (accountId) =>
    pages(
      (before, limit) => charges.list(caller, accountId, { before, limit }),
      ({ id }: StoredFee) => id,
    ),
  );
  const made = await each(accountIds, (accountId) =>
    pages(
      (before, limit) => statements.list(caller, accountId, { before, limit }),
      ({ number }: StoredStatement) => number,
    ),
  );
  return {
    transactions: shown(posted, transactionView),
    ...(await collectPayments(services, caller, accountIds)),
    ...(await collectHolds(services, caller, accountIds)),
    fees: shown(fees, (fee) => feeView(caller, fee)),
    limits: shown(await one(accountIds, (accountId) => limits.get(caller, accountId)), accountLimitsView),
    statements: shown(made, summaryView),
  };
}

async function collectPayments(
  { incomingPayments, outgoingPayments }: Services,
  caller: Caller,
  accountIds: readonly AccountId[],
) {
  const sent = await each(accountIds, (accountId) =>
    pages(
      (after, limit) => outgoingPayments.list(caller, { accountId, after, limit }),
      ({ id }: StoredOutgoing) => id,
    ),
  );
  const received = await each(accountIds, (accountId) =>
    pages(
      (after, limit) => incomingPayments.list({ accountId, after, limit }),
      ({ state }: IncomingPayment) => state.id,
    ),
  );
  return {
    outgoingPayments: shown(sent, (payment) => outgoingView(caller, payment)),
    incomingPayments: shown(received, incomingView),
  };
}

async function collectHolds(
  { holds, attachments }: Services,
  caller: Caller,
  accountIds: readonly AccountId[],
) {
  const held = await each(accountIds, (accountId) =>
    pages(
      (after, limit) => holds.list(caller, { accountId, after, limit }),
      ({ state }: Hold) => state.id,
    ),
  );
  const attached = await each(accountIds, (accountId) =>
    pages(
      (after, limit) => attachments.list({ accountId, after, limit }),
      ({ state }: Attachment) => state.id,
    ),
  );
  return { holds: shown(held, holdView), attachments: shown(attached, attachmentView) };
}
