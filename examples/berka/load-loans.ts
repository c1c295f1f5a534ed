import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { migrateLoan, openImportProduct, storeMigratedLoans } from '#features/loans/contract.ts';
import { assert } from '#lib/assert.ts';
import { type AccountId, type CustomerId, newId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { Entities } from './entities.ts';
import type { Problems } from './errors.ts';
import { CZK } from './fields.ts';
import { BERKA_ACTOR } from './post-transactions.ts';
import type { OnProgress } from './progress.ts';
import type { Loan } from './rows/loan.ts';
import type { Row } from './rows/row-type.ts';

/** What the file knows is how its loans stand when the data ends. */
const KNOWN_THROUGH = isoDate('1998-12-31');

/** Instalments of equal principal and nothing else, a month apart: what the file's amounts are. */
const PRODUCT = {
  name: 'Loans of the Berka bank',
  currency: CZK,
  conditions: {
    amount: { min: '0.01', max: '10000000.00' },
    instalments: { min: 1, max: 120 },
    annualRatePercent: { min: '0', max: '0', default: '0' },
    method: 'equal_principal',
  },
} as const;

/**
 * Makes the loans of the file live, on a product of their own; the rows' ids are their external ids. The borrower is
 * the account's owner, the first instalment is due a month after the loan was made. Of loans in debt the file does not
 * say how much is: the last instalment that fell due is taken to be unpaid, and all others paid on their days.
 */
export async function loadLoans(
  context: Context,
  tx: Tx,
  rows: readonly Row<Loan>[],
  entities: Entities,
  problems: Problems,
  onProgress: OnProgress,
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const product = await openImportProduct(tx, context, PRODUCT);
  if (product === undefined) {
    const message = `the book has a loan product of another kind with the name ${PRODUCT.name}`;
    problems.add({ file: first.file, line: first.line, message });
  }
  problems.throwIfAny();
  assert(product !== undefined, 'a missing product is a problem');
  const owners = await selectOwners(tx, context.bookId, rows, entities);
  const loans = rows.map(({ id: externalId, value }) => {
    const { amountMinor, durationMonths, madeOn } = value;
    const accountId = entities.accountId(value.accountId);
    const customerId = owners.get(accountId);
    assert(customerId !== undefined, 'every account has an owner');
    const request = {
      id: newId(context.ids, 'loan'),
      customerId,
      accountId,
      externalId,
      requestedMinor: amountMinor,
      instalments: durationMonths,
      disbursedOn: madeOn,
      paidInstalments: paidInstalmentsOf(value),
      through: KNOWN_THROUGH,
    };
    return migrateLoan(request, product);
  });
  const total = loans.length;
  await storeMigratedLoans(tx, context, BERKA_ACTOR, loans, (done) =>
    onProgress({ phase: 'loans', done, total }),
  );
}

/** All that fell due until the data ends; but for one, of a loan that is in debt. */
function paidInstalmentsOf({ madeOn, durationMonths, isInDebt }: Loan): number {
  const made = Temporal.PlainDate.from(madeOn);
  const months = made.until(KNOWN_THROUGH, { largestUnit: 'months' }).months;
  const fallenDue = Math.min(Math.max(months, 0), durationMonths);
  return isInDebt ? Math.max(fallenDue - 1, 0) : fallenDue;
}

async function selectOwners(
  tx: Tx,
  bookId: number,
  rows: readonly Row<Loan>[],
  entities: Entities,
): Promise<ReadonlyMap<AccountId, CustomerId>> {
  const ids = rows.map(({ value }) => entities.accountId(value.accountId));
  const { rows: owners } = await sql<{ accountId: AccountId; customerId: CustomerId }>`
    select account_id as "accountId", customer_id as "customerId" from accounts
    where book_id = ${bookId} and account_id = any(${ids}::uuid[])`.execute(tx);
  return new Map(owners.map(({ accountId, customerId }) => [accountId, customerId]));
}
