import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { accrueUntil, periodOf, postInterest, postingDate } from '#features/interest/contract.ts';
import { listInterestProducts } from '#features/products/contract.ts';
import { loadReferenceRates } from '#features/reference-rates/contract.ts';
import { holdBook } from '#ledger/business-date.ts';
import { openDateOf } from '#ledger/closed-periods.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { type AccountRates, ProductRates } from './account-rates.ts';
import { findEarliestValued, loadBalances, type NewLines, sumForLater } from './lines.ts';
import { type Position, withLimit, withState } from './position.ts';
import { hasAmounts, type PlannedPosting, replay, taxedTerms, valueDateOf } from './replay.ts';
import { findInterestAccounts, type InterestAccount, listPostings, productKey } from './repository.ts';
import { stateOf } from './state-text.ts';

/** The terms of all products that bear interest, by product and currency, known through a date. */
export type RatesOfProducts = ReadonlyMap<string, ProductRates>;

export async function loadRates(db: Db, bookId: number, through: IsoDate): Promise<RatesOfProducts> {
  const products = await listInterestProducts(db, bookId);
  if (products.length === 0) return new Map();
  const references = await loadReferenceRates(db, bookId);
  return new Map(
    products.map((product) => [
      productKey(product.code, product.currency),
      new ProductRates(product, references, through),
    ]),
  );
}

/** The rates of an account, and those of its product; undefined where its terms never said anything about interest. */
export function findRates(
  rates: RatesOfProducts,
  account: Pick<InterestAccount, 'product' | 'currency' | 'openedOn' | 'agreement'>,
): { readonly product: ProductRates; readonly rates: AccountRates } | undefined {
  const { openedOn, agreement } = account;
  const product = rates.get(productKey(account.product, account.currency));
  const found = agreement === undefined ? product?.of(openedOn) : product?.agreed(openedOn, agreement);
  return product === undefined || found === undefined ? undefined : { product, rates: found };
}

/** An account with what it has come to by the end of a day, and what is to be posted. */
export type Counted = {
  readonly account: InterestAccount;
  readonly product: ProductRates;
  readonly position: Position;
  readonly postings: readonly PlannedPosting[];
};

/** Through which day to count, by which rates. */
export type How = {
  readonly date: IsoDate;
  readonly rates: RatesOfProducts;
  /** The first date that no closed accounting period holds; undefined where none is closed. */
  readonly openFrom: IsoDate | undefined;
  /** Whether to post what there is: the account is closed. */
  readonly isLast?: boolean;
};

/** An account with its rates, and the first day that must be counted again; undefined for one day more. */
type Due = {
  readonly account: InterestAccount;
  readonly product: ProductRates;
  readonly rates: AccountRates;
  readonly again: IsoDate | undefined;
};

/**
 * Counts the interest of accounts through a date: a day more where nothing came late, and else all days since the first that
 * changed. Accounts that bear none are left out. The book is held: its closed periods stay as they are.
 */
export async function countThrough(
  tx: Tx,
  { bookId }: Pick<Context, 'bookId'>,
  accounts: readonly InterestAccount[],
  how: How,
): Promise<Counted[]> {
  const { date, openFrom } = how;
  const dues = await findDue(tx, bookId, accounts, how);
  const oneMore = dues.filter(({ again }) => again === undefined);
  const again = dues.filter((due) => due.again !== undefined);
  const forLater =
    oneMore.length === 0
      ? new Map<AccountId, bigint>()
      : await sumForLater(
          tx,
          bookId,
          date,
          oneMore.map(({ account }) => account.id),
        );
  return [
    ...oneMore.map((due) => countDay(due, { date, openFrom }, forLater.get(due.account.id) ?? 0n)),
    ...(await countAgain(tx, bookId, again, how)),
  ].toSorted((one, other) => (one.account.id < other.account.id ? -1 : 1));
}

/**
 * Counts as countThrough, with the ledger accounts locked that something is posted to: nobody comes between what was read
 * and what is posted. Locks the book's row (shared) before them, and before it counts.
 */
export async function countToPost(
  tx: Tx,
  context: Pick<Context, 'bookId'>,
  ids: readonly AccountId[],
  day: Pick<How, 'date' | 'rates'>,
): Promise<Counted[]> {
  const { bookId } = context;
  const how = { ...day, openFrom: openDateOf(await holdBook(tx, bookId)) };
  const accounts = await findInterestAccounts(tx, bookId, ids, how.date);
  const counted = await countThrough(tx, context, accounts, how);
  const toPost = counted.filter(({ postings }) => postings.length > 0);
  if (toPost.length === 0) return counted;
  const postedTo = toPost.map(({ account }) => account.id);
  await lockAccounts(tx, bookId, postedTo);
  const known = new Map(toPost.map(({ account }) => [account.id, account.seq]));
  const now = await findInterestAccounts(tx, bookId, postedTo, how.date);
  const moved = now.filter(({ id, seq }) => known.get(id) !== seq);
  const again = new Map((await countThrough(tx, context, moved, how)).map((one) => [one.account.id, one]));
  return counted.map((one) => again.get(one.account.id) ?? one);
}

/** Accounts that are not counted through the date yet. */
async function findDue(
  tx: Tx,
  bookId: number,
  accounts: readonly InterestAccount[],
  { date, rates, isLast = false }: Omit<How, 'openFrom'>,
): Promise<Due[]> {
  const news = accounts.flatMap(({ id, seq, position }): NewLines[] => {
    if (position === undefined || position.seq >= seq) return [];
    return [{ id, after: position.seq, upTo: seq, through: position.accruedThrough }];
  });
  const earliest = await findEarliestValued(tx, bookId, news);
  return accounts.flatMap((account): Due[] => {
    const { id, position } = account;
    const found = findRates(rates, account);
    if (found === undefined || found.rates.from > date || account.agreement?.isSettled === true) return [];
    if (position === undefined) {
      return [{ account, ...found, again: laterOf(account.openedOn, found.rates.from) }];
    }
    const next = addDays(position.accruedThrough, 1);
    const late = [earliest.get(id), account.recountFrom].filter((day) => day !== undefined).toSorted()[0];
    const last = lastDay(found.rates, date);
    if (late === undefined && last < date && next > last) return [];
    const again = late ?? (next < date || isLast ? next : undefined);
    return next > date && again === undefined ? [] : [{ account, ...found, again }];
  });
}

/** The last day that is counted by the end of a date: that of an agreement, if it is over. */
function lastDay({ through }: Pick<AccountRates, 'through'>, date: IsoDate): IsoDate {
  return through !== undefined && through < date ? through : date;
}

function countDay(
  { account, product, rates }: Due,
  { date, openFrom }: Pick<How, 'date' | 'openFrom'>,
  laterMinor: bigint,
): Counted {
  const { id, seq, openedOn, limitMinor, position } = account;
  assert(position !== undefined, 'an account is counted again from its first day on');
  const day = rates.rates.on(date);
  const balance = { balanceMinor: account.balanceMinor - laterMinor, arrangedLimitMinor: limitMinor };
  const limits = withLimit(position.limits, date, limitMinor);
  let state = accrueUntil(stateOf(position.state, rates.rates), date, balance, day);
  const postings: PlannedPosting[] = [];
  if (postingDate(date, day.terms, openedOn) === date || rates.through === date) {
    const { posting, state: begun } = postInterest(state, taxedTerms(day.terms, account.exemptions, date));
    state = begun;
    const { on: to, ...sums } = posting;
    if (hasAmounts(sums)) {
      const valueDate = valueDateOf({ to }, openFrom);
      postings.push({ ...sums, to, isCorrection: false, valueDate });
    }
  }
  return {
    account,
    product,
    position: withState({ id, accruedThrough: date, seq, limits }, state, day.terms),
    postings,
  };
}

async function countAgain(
  tx: Tx,
  bookId: number,
  dues: readonly Due[],
  { date, openFrom, isLast = false }: Omit<How, 'rates'>,
): Promise<Counted[]> {
  if (dues.length === 0) return [];
  const starts = new Map(dues.map((due) => [due.account.id, startOf(due)]));
  const from = (id: AccountId): IsoDate => starts.get(id) ?? date;
  const wanted = dues.map(({ account }) => ({
    id: account.id,
    from: from(account.id),
    upTo: account.seq,
    balanceMinor: account.balanceMinor,
  }));
  const balances = await loadBalances(tx, bookId, wanted);
  const [first = date] = wanted.map((one) => one.from).toSorted();
  const ids = dues.map(({ account }) => account.id);
  const posted = Map.groupBy(await listPostings(tx, bookId, ids, first), ({ id }) => id);
  return dues.map(({ account, product, rates }): Counted => {
    const { id, seq, openedOn, limitMinor, position } = account;
    const limits = withLimit(position?.limits ?? [], date, limitMinor);
    const through = lastDay(rates, date);
    const replayed = replay({
      rates: rates.rates,
      openedOn,
      from: from(id),
      through,
      balances: balances.get(id) ?? [],
      limits,
      posted: posted.get(id) ?? [],
      isLast: isLast || rates.through === through,
      openFrom,
      exemptions: account.exemptions,
    });
    const { terms } = rates.rates.on(through);
    return {
      account,
      product,
      position: withState({ id, accruedThrough: through, seq, limits }, replayed.state, terms),
      postings: replayed.postings,
    };
  });
}

/** The first day of the posting period in which the first changed day lies, or the first day that bears interest. */
function startOf({ account: { openedOn, position }, rates, again }: Due): IsoDate {
  if (position !== undefined && (again === undefined || again >= position.periodFrom)) {
    return position.periodFrom;
  }
  return firstDayOf(rates, openedOn, again ?? openedOn);
}

/** The first day of the posting period that a day lies in, not before the first that bears interest. */
export function firstDayOf(rates: AccountRates, openedOn: IsoDate, on: IsoDate): IsoDate {
  const first = laterOf(openedOn, rates.from);
  if (on <= first || !rates.hasOnePostingRule) return first;
  const { terms } = rates.rates.on(on);
  if (terms.posting === 'daily') return on;
  if (terms.posting === 'maturity') return first;
  return laterOf(first, periodOf(terms.posting, on, terms, openedOn).from);
}
