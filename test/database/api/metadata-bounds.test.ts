import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookBackFrom } from '#db/look-back.ts';
import { listManualEntries } from '#features/accounting/journal/repository.ts';
import { listAccounts } from '#features/accounts/repository.ts';
import { listConversions } from '#features/conversions/repository.ts';
import { listCustomers } from '#features/customers/repository.ts';
import { type DepositPlace, listDeposits, lookOnDeposits } from '#features/deposits/repository.ts';
import { listAttachments } from '#features/holds/attachments/repository.ts';
import { listHolds } from '#features/holds/repository.ts';
import { listSettlements } from '#features/holds/settlements/repository.ts';
import { listLoans } from '#features/loans/repository.ts';
import { listIncoming } from '#features/payments/incoming-repository.ts';
import { listOutgoing } from '#features/payments/outgoing-repository.ts';
import { listOrders } from '#features/standing-orders/repository.ts';
import { listTransactions } from '#features/transactions/repository.ts';
import { lookBackCreated, type Through } from '#ledger/created.ts';
import type {
  AccountId,
  AttachmentId,
  CaptureSettlementId,
  CustomerId,
  HoldId,
  IncomingPaymentId,
  LoanId,
  StandingOrderId,
  TransactionId,
} from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi } from '#test/support/api.ts';
import { type Kind, openLabelled } from './labelled.ts';

const api = await openApi();
const { kinds } = await openLabelled(api);
const { context } = api.bank;
const { db } = context;
const ONE = { metadata: { shop: 'sought' }, limit: 100 };
const RANGES = [{}, { createdFrom: isoDate('2000-01-01') }];

/** Walks a list by pages that look at three rows each: it finds the two of seven things that have the metadata. */
function isWalked<Place>(
  kind: string,
  look: (after: Place | undefined) => Promise<Place | undefined>,
  list: (after: Place | undefined, through: Place | undefined) => Promise<readonly unknown[]>,
): void {
  test(`a page of each ${kind} by metadata looks at a bounded number of rows, and the next page goes on behind them`, async () => {
    const { create } = kinds[kind] as Kind;
    for (const at of Array(8).keys()) {
      created(await create(at % 7 === 0 ? { metadata: { shop: 'sought', at: String(at) } } : {}));
    }
    const whole = await list(undefined, undefined);
    const pages: (readonly unknown[])[] = [];
    let after: Place | undefined;
    do {
      assert.ok(pages.length < 100, 'a list ends');
      const through = await look(after);
      pages.push(await list(after, through));
      after = through;
    } while (after !== undefined);
    assert.ok(whole.length >= 2);
    assert.deepEqual(pages.flat(), whole);
    assert.ok(
      pages.some((page) => page.length === 0),
      'a page may be empty',
    );
  });
}

isWalked<HoldId>(
  'hold',
  (after) => lookBackFrom(db, 1, 'holds', after, 3),
  (after, through) => listHolds(db, 1, { ...ONE, after, through }),
);
isWalked<AttachmentId>(
  'legal attachment',
  (after) => lookBackFrom(db, 1, 'attachments', after, 3),
  (after, through) => listAttachments(db, 1, { ...ONE, after, through }),
);
isWalked<CaptureSettlementId>(
  'settlement of captures',
  (after) => lookBackFrom(db, 1, 'capture_settlements', after, 3),
  (after, through) => listSettlements(db, 1, { ...ONE, after, through }),
);
isWalked<StandingOrderId>(
  'standing order',
  (after) => lookBackFrom(db, 1, 'standing_orders', after, 3),
  (after, through) => listOrders(db, 1, { ...ONE, after, through }),
);
isWalked<TransactionId>(
  'conversion',
  (after) => lookBackFrom(db, 1, 'currency_conversions', after, 3),
  (after, through) => listConversions(db, 1, { ...ONE, after, through }),
);
isWalked<TransactionId>(
  'journal entry',
  (after) => lookBackFrom(db, 1, 'manual_entries', after, 3),
  (after, through) => listManualEntries(db, 1, { ...ONE, after, through }),
);
isWalked<TransactionId>(
  'deposit',
  (after) => lookBackFrom(db, 1, 'transactions', after, 3),
  (after, through) => listTransactions(db, 1, { ...ONE, after, through }),
);
isWalked<TransactionId>(
  'payment to another bank',
  (after) => lookBackFrom(db, 1, 'outgoing_payments', after, 3),
  (after, through) => listOutgoing(db, 1, { ...ONE, after, through }),
);
isWalked<IncomingPaymentId>(
  'payment from another bank',
  (after) => lookBackFrom(db, 1, 'incoming_payments', after, 3),
  (after, through) => listIncoming(db, 1, { ...ONE, after, through }),
);
isWalked<DepositPlace>(
  'deposit for a term',
  (after) => lookOnDeposits(db, 1, after, 3),
  (after, through) => listDeposits(db, 1, { ...ONE, after, through }),
);

const behind = <Id>(after: Through<Id> | undefined) => ({
  after: after?.id,
  afterCreated: after?.createdPlace,
});
for (const range of RANGES) {
  isWalked<Through<CustomerId>>(
    'customer',
    (after) => lookBackCreated(db, 1, 'customers', { ...range, ...behind(after) }, 3),
    (after, through) => listCustomers(db, context, { ...ONE, ...range, ...behind(after), through }),
  );
  isWalked<Through<AccountId>>(
    'account',
    (after) => lookBackCreated(db, 1, 'accounts', { ...range, ...behind(after) }, 3),
    (after, through) => listAccounts(db, 1, { ...ONE, ...range, ...behind(after), through }),
  );
  isWalked<Through<LoanId>>(
    'loan',
    (after) => lookBackCreated(db, 1, 'loans', { ...range, ...behind(after) }, 3),
    (after, through) => listLoans(db, 1, { ...ONE, ...range, ...behind(after), through }),
  );
}
