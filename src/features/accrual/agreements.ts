import { bulkInsert, dates, jsons, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import {
  agreedRateFrom,
  type InterestTermsInput,
  startAccrual,
  type TaxedPart,
} from '#features/interest/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import type { Agreement } from './account-rates.ts';
import { InterestBooking } from './booking.ts';
import { countToPost, findRates, loadRates } from './count.ts';
import { isExempt } from './exemptions/exemption.ts';
import { hasAmounts } from './replay.ts';
import { findInterestAccounts, listPostings } from './repository.ts';

type NewAgreement = Omit<Agreement, 'isSettled'> & { readonly accountId: AccountId };

const insertAgreements = bulkInsert('interest_agreements').of<NewAgreement>({
  account_id: uuids(({ accountId }) => accountId),
  through_on: dates(({ through }) => through),
  terms: jsons(({ terms }) => JSON.stringify(terms)),
});

/** Agrees terms of interest with new accounts, in place of those of their products, through a last day. */
export async function agreeInterest(
  tx: Tx,
  bookId: number,
  agreements: readonly NewAgreement[],
): Promise<void> {
  await insertAgreements(tx, { book_id: bookId }, agreements);
  await noteChanged(
    tx,
    bookId,
    'interest_agreements',
    agreements.map(({ accountId }) => accountId),
  );
}

/** What changes of what was agreed with an account: its last day, and its rate in percent from a day on. */
export type AgreementChange = {
  readonly accountId: AccountId;
  readonly through: IsoDate;
  readonly rate: { readonly from: IsoDate; readonly ratePercent: string } | undefined;
};

/** Changes what was agreed with an account, for days that were not counted yet. Its row is locked. */
export async function changeAgreement(
  tx: Tx,
  bookId: number,
  { accountId, through, rate }: AgreementChange,
): Promise<void> {
  const { terms } = await tx
    .selectFrom('interest_agreements')
    .select((eb) => eb.ref('terms').$castTo<InterestTermsInput>().as('terms'))
    .where('book_id', '=', bookId)
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  const changed = rate === undefined ? terms : agreedRateFrom(terms, rate);
  await tx
    .updateTable('interest_agreements')
    .set({ through_on: through, terms: JSON.stringify(changed) })
    .where('book_id', '=', bookId)
    .where('account_id', '=', accountId)
    .execute();
  await noteChanged(tx, bookId, 'interest_agreements', [accountId]);
}

/** What an account was paid of interest since it was opened, in minor units. */
export type PostedInterest = { readonly creditMinor: bigint; readonly tax: readonly TaxedPart[] };

export const NOTHING_POSTED: PostedInterest = { creditMinor: 0n, tax: [] };

/** What was posted on accounts since they were opened, by account. */
export async function sumPostedInterest(
  db: Db,
  bookId: number,
  accounts: readonly { readonly id: AccountId; readonly openedOn: IsoDate }[],
): Promise<ReadonlyMap<AccountId, PostedInterest>> {
  const [first] = accounts.map(({ openedOn }) => openedOn).toSorted();
  if (first === undefined) return new Map();
  const ids = accounts.map(({ id }) => id);
  const byAccount = Map.groupBy(await listPostings(db, bookId, ids, first), ({ id }) => id);
  return new Map(
    [...byAccount].map(([id, postings]) => {
      const parts = Map.groupBy(
        postings.flatMap(({ tax }) => tax),
        ({ name }) => name,
      );
      const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);
      return [
        id,
        {
          creditMinor: sum(postings.map(({ creditMinor }) => creditMinor)),
          tax: [...parts].map(([name, all]) => ({
            name,
            amountMinor: sum(all.map(({ amountMinor }) => amountMinor)),
          })),
        },
      ];
    }),
  );
}

/** The interest of accounts under an agreement, when their contracts end. */
export class AgreedInterest {
  readonly #context: Context;
  readonly #booking: InterestBooking;

  constructor(context: Context, internalAccounts: InternalAccounts) {
    this.#context = context;
    this.#booking = new InterestBooking(context, internalAccounts);
  }

  /**
   * Counts what accounts have come to through a date, and posts what is due, where that was not done yet. Their rows are
   * locked. Locks the book's row (shared), and the ledger accounts that something is posted to.
   */
  async countThrough(tx: Tx, ids: readonly AccountId[], date: IsoDate): Promise<void> {
    const rates = await loadRates(tx, this.#context.bookId, date);
    await this.#booking.book(tx, await countToPost(tx, this.#context, ids, { date, rates }));
  }

  /** Whether interest of an account that is posted for a period which ends on a day bears no tax. */
  async isExempt(tx: Tx, accountId: AccountId, on: IsoDate): Promise<boolean> {
    const [account] = await findInterestAccounts(tx, this.#context.bookId, [accountId], on);
    return account !== undefined && isExempt(account.exemptions, on);
  }

  /**
   * Ends the interest of an account with an amount that its contract says, in place of what accrued: the account gets it,
   * or gives it back if it is below zero. Nothing of the account is counted again. Its row and its ledger account are
   * locked.
   */
  async settle(
    tx: Tx,
    accountId: AccountId,
    { creditMinor, tax }: PostedInterest,
    on: IsoDate,
  ): Promise<void> {
    const { bookId } = this.#context;
    const [account] = await findInterestAccounts(tx, bookId, [accountId], on);
    assert(account?.agreement !== undefined, 'the contract of an account says what interest it gets');
    const found = findRates(await loadRates(tx, bookId, on), account);
    assert(found !== undefined, 'an account with an agreement has rates');
    const { openedOn, seq, position } = account;
    const through = laterOf(addDays(on, -1), openedOn);
    const sums = { creditMinor, arrangedMinor: 0n, unarrangedMinor: 0n, tax };
    const posting = { ...sums, from: openedOn, to: through, isCorrection: false, valueDate: on };
    await this.#booking.book(tx, [
      {
        account,
        product: found.product,
        position: {
          id: accountId,
          accruedThrough: through,
          seq,
          limits: position?.limits ?? [],
          state: startAccrual(openedOn, on),
          creditMinor: 0n,
          debitMinor: 0n,
        },
        postings: hasAmounts(sums) ? [posting] : [],
      },
    ]);
    await tx
      .updateTable('interest_agreements')
      .set({ settled_on: on })
      .where('book_id', '=', bookId)
      .where('account_id', '=', accountId)
      .execute();
    await noteChanged(tx, bookId, 'interest_agreements', [accountId]);
  }
}
