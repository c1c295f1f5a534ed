import type { Context } from '#db/context.ts';
import { asLabelError } from '#db/labels.ts';
import { isLookedThrough, lookBackFrom } from '#db/look-back.ts';
import { inTransaction } from '#db/transaction.ts';
import { findEquivalents, openEquivalent } from '#features/accounting/contract.ts';
import { assertAccess, findAccount } from '#features/accounts/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { selectBaseCurrency } from '#features/books/contract.ts';
import { chainOf, loadExchangeRates, midOf } from '#features/exchange-rates/contract.ts';
import type { MovementRow } from '#features/transactions/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { claimKey } from '#ledger/claim-key.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { PostingQueue } from '#ledger/posting-queue.ts';
import { findEntryByKey } from '#ledger/prior-entries.ts';
import type { Caller } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { type AccountId, newId, type TransactionId } from '#lib/ids.ts';
import { cleanLabels, type Labels, labelValues } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { convertMinor, formatRate, type PairRate, pairText } from '#lib/money/exchange.ts';
import type { RoundingOrCut } from '#lib/money/fraction.ts';
import { formatAmount, parseAmount } from '#lib/money/money.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { Sought } from '#lib/sought.ts';
import { cleanText, optional } from '#lib/text.ts';
import { amountsOf, type Conversion, type PostedConversion } from './conversion.ts';
import { draftConversion, type PositionAccounts } from './draft.ts';
import { conversionError } from './errors.ts';
import { type ConversionFilter, insertConversions, listConversions } from './repository.ts';

/** What is to be converted: an amount in the currency of one of the two accounts. */
export type WantedConversion = {
  readonly fromAccountId: AccountId;
  readonly toAccountId: AccountId;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** A rate of its own; that of the table if not given. */
  readonly rate?: PairRate | undefined;
  /** Half to even if not given. */
  readonly rounding?: RoundingOrCut | undefined;
};

export type ConversionRequest = WantedConversion &
  Labels & {
    readonly caller: Caller;
    readonly idempotencyKey: string;
    /** The other amount, as a quote said, in major units. */
    readonly expectedAmount?: string | undefined;
    readonly description?: string | undefined;
    readonly reference?: string | undefined;
  };

export type ConversionAnswer = { readonly conversion: PostedConversion; readonly replayed: boolean };

/**
 * Turns money of one currency into another, between two accounts of the book: one journal entry through the posting
 * queue, as transfers are. So limits, authority and keys hold for it, and its reversal takes it back at its own rate.
 */
export class ConversionService {
  readonly #context: Context;
  readonly #queue: PostingQueue<MovementRow>;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;

  constructor(
    context: Context,
    queue: PostingQueue<MovementRow>,
    internalAccounts: InternalAccounts,
    gate: MoneyGate,
  ) {
    this.#context = context;
    this.#queue = queue;
    this.#internalAccounts = internalAccounts;
    this.#gate = gate;
  }

  /**
   * What a conversion would come to now. Nothing is kept, and the rate may change. Throws 404 `not_found`, 403
   * `conversion_rate_requires_manager`, 422 `conversion_same_currency`, `currency_mismatch`, `exchange_rate_missing`
   * and `conversion_too_small`.
   */
  async quote(caller: Caller, wanted: WantedConversion): Promise<Conversion> {
    assertMayRate(caller, wanted);
    const { db, bookId, clock } = this.#context;
    const [sold, bought] = await Promise.all([
      this.#currencyOf(wanted.fromAccountId),
      this.#currencyOf(wanted.toAccountId),
    ]);
    if (sold === bought) throw conversionError('conversion_same_currency');
    if (wanted.currency !== sold && wanted.currency !== bought) {
      throw ledgerError('currency_mismatch', { currency: `${sold} or ${bought}` });
    }
    const [base, date] = [await selectBaseCurrency(db, bookId), await followCalendar(db, bookId, clock)];
    const table = await loadExchangeRates(db, bookId, date);
    const { rate, rounding = 'half_even', amountMinor } = wanted;
    const rates =
      rate === undefined
        ? chainOf(table, { from: sold, to: bought, base, date })
        : [givenFor(rate, sold, bought)];
    const fixed = wanted.currency === sold ? 'sold' : 'bought';
    const source = rate === undefined ? 'table' : 'given';
    const terms = { sold, bought, fixed, rates, rounding, source } as const;
    const amounts = amountsOf({ ...terms, amountMinor });
    const { soldMinor, boughtMinor } = amounts;
    const baseMinor =
      sold === base
        ? soldMinor
        : bought === base
          ? boughtMinor
          : convertMinor(soldMinor, sold, [midOf(table, sold, date)], 'half_even');
    return { ...terms, ...amounts, base, baseMinor };
  }

  /**
   * Converts. Throws as quote and as a transfer does, and 409 `conversion_amount_changed` where the other amount is not
   * the expected one any more.
   */
  async convert(given: ConversionRequest): Promise<ConversionAnswer> {
    const { db, bookId, ids } = this.#context;
    const request = cleanRequest(given);
    const { caller, fromAccountId, toAccountId, idempotencyKey } = request;
    await assertAccess(db, bookId, [{ caller, accountId: fromAccountId }], 'pay');
    const idempotency = { key: idempotencyKey, requestHash: hashConversion(request) };
    // First: by today's rate it might be refused, or come to something else.
    const prior = claimKey(
      await findEntryByKey(db, bookId, caller.actor, idempotencyKey),
      idempotency.requestHash,
    );
    if (prior !== undefined) return { conversion: await this.get(prior.entryId), replayed: true };
    const conversion = await this.quote(caller, request);
    assertExpected(conversion, request.expectedAmount);
    const { sold, soldMinor } = conversion;
    await this.#gate.judge(caller, 'convertCurrency', { amountMinor: soldMinor, currency: sold });
    const accounts = await this.#positionAccounts(conversion);
    const entryId = newId(ids, 'transaction');
    const draft: EntryDraft = {
      entryId,
      kind: 'transfer',
      actor: caller.actor,
      idempotency,
      postings: draftConversion(conversion, { from: fromAccountId, to: toAccountId }, accounts),
    };
    const settled = await this.#queue
      .submit({ draft, row: rowOf(entryId, request, conversion, bookId) })
      .catch((error: unknown) => {
        throw asLabelError(error);
      });
    const id = settled.status === 'posted' ? entryId : settled.entryId;
    return { conversion: await this.get(id), replayed: settled.status !== 'posted' };
  }

  /** Throws 404 `not_found`. */
  async get(id: TransactionId): Promise<PostedConversion> {
    const [found] = await listConversions(this.#context.db, this.#context.bookId, { id, limit: 1 });
    if (found === undefined) throw notFound();
    return found;
  }

  /** Newest first. */
  async page(
    caller: Caller,
    page: Omit<ConversionFilter, 'id' | 'through'>,
  ): Promise<Sought<PostedConversion, TransactionId>> {
    const { db, bookId } = this.#context;
    const through = isLookedThrough(caller, page, [page.externalId])
      ? await lookBackFrom(db, bookId, 'currency_conversions', page.after)
      : undefined;
    return { rows: await listConversions(db, bookId, { ...page, through }), soughtThrough: through };
  }

  async #currencyOf(accountId: AccountId): Promise<Currency> {
    const account = await findAccount(this.#context.db, this.#context.bookId, accountId);
    if (account === undefined) throw notFound();
    return account.currency;
  }

  /** The bank's accounts of the foreign currencies of a conversion; the first one ever opens its equivalent. */
  async #positionAccounts({
    sold,
    bought,
    base,
  }: Conversion): Promise<ReadonlyMap<Currency, PositionAccounts>> {
    const { db, bookId } = this.#context;
    const known = await findEquivalents(db, bookId);
    const accounts = new Map<Currency, PositionAccounts>();
    for (const currency of [sold, bought].filter((one) => one !== base)) {
      const glCode =
        known.get(currency) ??
        (await inTransaction(db, (tx) => openEquivalent(tx, this.#context, currency, base)));
      const position = await this.#internalAccounts.find(db, CHART.currencyPositions, currency);
      const equivalent = await this.#internalAccounts.find(db, glCode, base);
      if (position === undefined || equivalent === undefined) throw ledgerError('currency_mismatch');
      accounts.set(currency, { position, equivalent });
    }
    return accounts;
  }
}

/** The roles that convert at rates of their own. */
const RATING_ROLES: ReadonlySet<Caller['role']> = new Set(['admin', 'manager', 'operator', 'service']);

function assertMayRate({ role }: Caller, { rate, rounding }: WantedConversion): void {
  if ((rate === undefined && rounding === undefined) || RATING_ROLES.has(role)) return;
  throw conversionError('conversion_rate_requires_manager');
}

/** The rate, if it is of the two currencies. Throws 400 `validation_failed`. */
function givenFor(rate: PairRate, sold: Currency, bought: Currency): PairRate {
  const { first, second } = rate.pair;
  const fits = (first === sold && second === bought) || (first === bought && second === sold);
  if (fits) return rate;
  throw validationFailed({
    path: 'pair',
    message: `must be of ${sold} and ${bought}, those of the accounts`,
  });
}

/** Throws 409 `conversion_amount_changed`, and 400 `invalid_amount`. */
function assertExpected(
  { fixed, sold, soldMinor, bought, boughtMinor }: Conversion,
  expected: string | undefined,
): void {
  if (expected === undefined) return;
  const [otherMinor, currency] = fixed === 'sold' ? [boughtMinor, bought] : [soldMinor, sold];
  if (parseAmount(expected, currency, 'expectedAmount') === otherMinor) return;
  throw conversionError('conversion_amount_changed', {
    amount: formatAmount(otherMinor, currency),
    currency,
  });
}

function cleanRequest(request: ConversionRequest): ConversionRequest {
  const { labels, ...texts } = checkAll({
    labels: () => cleanLabels(request),
    description: () => optional(request.description, (text) => cleanText(text, 'description', 500)),
    reference: () => optional(request.reference, (text) => cleanText(text, 'reference', 140)),
  });
  return { ...request, ...labels, ...texts };
}

function hashConversion(request: ConversionRequest): Buffer {
  const { fromAccountId, toAccountId, amountMinor, currency, rate, rounding } = request;
  return hashRequest('convertCurrency', [
    fromAccountId,
    toAccountId,
    amountMinor,
    currency,
    rate && pairText(rate.pair),
    rate?.rateE10,
    rounding,
    request.expectedAmount,
    request.description,
    request.reference,
    ...labelValues(request),
  ]);
}

function rowOf(
  id: TransactionId,
  { caller, fromAccountId, description, reference, externalId, metadata }: ConversionRequest,
  conversion: Conversion,
  bookId: number,
): MovementRow {
  const { soldMinor, rates, source } = conversion;
  const after = {
    source,
    rates: rates.map(({ pair, rateE10 }) => `${pairText(pair)} ${formatRate(rateE10)}`),
  };
  return {
    id,
    accountId: fromAccountId,
    type: 'transfer',
    mode: 'online',
    amountMinor: soldMinor,
    description,
    reference,
    externalId,
    metadata,
    caller,
    act: { operation: 'convertCurrency', after },
    alsoStore: (tx) => insertConversions(tx, { book_id: bookId }, [{ ...conversion, id }]),
  };
}
