import type { InterestQuoteView, QuoteInterestInput } from '#features/interest/quote/schemas.ts';
import { type Section, VECTORS, type Vector, type VectorInput } from './deposit-vectors.ts';
import { requestOf } from './runs.ts';

type Request = Parameters<typeof requestOf>[0];
type Figures = Readonly<Record<string, unknown>>;

/** A published figure as a quote: what is asked, what the answer shows of it, and what it must be. */
export type VectorQuote = {
  readonly id: string;
  readonly request: QuoteInterestInput;
  readonly shown: (view: InterestQuoteView) => Figures;
  readonly expected: Figures;
};

/** What figures go by beyond what their input says: the convention that the file names, in terms. */
const CONVENTIONS: Readonly<Record<string, Request>> = {
  'ACC-8': { posting: 'monthly', to: '2024-05-03' },
  'RUN-1': { dayCount: 'actual/actual', posting: 'daily', rounding: 'half_up', to: '2024-01-01' },
  'RUN-2': { dayCount: 'actual/actual', posting: 'daily', rounding: 'half_up', to: '2024-10-03' },
  'RUN-3': { dayCount: 'actual/366', roundedPer: 'day', rounding: 'half_up' },
  'RUN-5': {
    minimumBalance: '50000',
    posting: 'quarterly',
    tax: [{ name: 'Final tax', percent: '20' }],
    to: '2013-06-30',
  },
  'RUN-6': { posting: 'monthly', to: '2022-05-31' },
  'TIER-3': { roundedPer: 'tier' },
  'TIER-4': { roundedPer: 'tier' },
  'TIER-6': { roundedPer: 'tier' },
  // The night of its last day does not count.
  'TIER-14': { to: '2024-12-30' },
  'WHOLE-2': { tierMode: 'whole', compounding: 'daily' },
  'WHOLE-3': { tierMode: 'whole', compounding: 'daily' },
  'WHOLE-4': { tierMode: 'whole', compounding: 'daily' },
  'DD-B2': { compounding: 'daily', days: 365 },
  'EQ-5': { posting: 'yearly', days: 365 },
  'EQ-6': { posting: 'monthly', interestPer: 'period', days: 365 },
  'OD-2': {
    rate: '8',
    overdraft: { arrangedRate: '12', unarrangedRate: '12' },
    posting: 'monthly',
    to: '2015-12-31',
  },
  'OD-3': { balance: '-500.00', rate: '0', overdraft: { arrangedRate: '0', unarrangedRate: '39.9' } },
  // The tiers are the allowance, and a month of thirty days.
  'NEG-1': {
    tiers: [
      { upTo: '100000', rate: '0' },
      { upTo: null, rate: '-0.5' },
    ],
    from: '2023-04-01',
    dayCount: '30E/360',
  },
  'MIN-1': { days: 365 },
  'MIN-5': {
    rate: '7.1',
    basis: 'period_minimum',
    minimumFromDay: 5,
    posting: 'monthly',
    from: '2022-09-01',
    to: '2022-09-30',
    balances: [
      { from: '2022-09-01', amount: '100000' },
      { from: '2022-09-03', amount: '150000' },
    ],
  },
  // The other months of their years, without days.
  'TD-3': { interestPer: 'period', compounding: 'quarterly', from: '2021-02-28', to: '2024-02-28' },
  'TD-4': { interestPer: 'period', compounding: 'quarterly', from: '2023-01-31', to: '2024-01-30' },
  // Days that are given, of a year of 360.
  'TD-6': { dayCount: 'actual/360' },
  'TD-7': { dayCount: 'actual/360' },
  'TD-8': { dayCount: 'actual/360' },
};

/** A request of what a vector says, with its convention. */
function asked({ id, input }: Vector): Request {
  const { annualRatePercent, grossPercent, tiers, dayCount, days, currency, years } = input;
  const rate = annualRatePercent ?? (grossPercent as string | undefined);
  const balance = input.balance ?? input.deposit ?? input.principal;
  const balances = balancesOf(input);
  const from = balances?.[0]?.from ?? (input.from as string | undefined);
  const minimum = input.minimumBalanceForInterest as string | undefined;
  return {
    posting: 'maturity',
    ...(currency === undefined ? {} : { currency }),
    ...(rate === undefined || CONVENTIONS[id]?.tiers !== undefined ? {} : { rate }),
    ...(tiers === undefined
      ? {}
      : { tiers: tiers.map((tier) => ({ upTo: tier.upTo, rate: tier.annualRatePercent })) }),
    ...(dayCount?.startsWith('actual/3') ? { dayCount: dayCount as 'actual/365' } : {}),
    ...(balance === undefined ? {} : { balance }),
    ...(days === undefined && years === undefined ? {} : { days: days ?? 365 }),
    ...(balances === undefined ? {} : { balances }),
    ...(from === undefined ? {} : { from }),
    ...(minimum === undefined ? {} : { minimumBalance: minimum }),
    ...CONVENTIONS[id],
  };
}

/** Balances at the end of days, from movements or as they are given. */
function balancesOf({ movements, eodBalances }: VectorInput): { from: string; amount: string }[] | undefined {
  if (eodBalances !== undefined) return eodBalances.map(({ from, balance }) => ({ from, amount: balance }));
  if (movements === undefined) return undefined;
  let sum = 0;
  return movements.map(({ on, amount }) => {
    sum += Number(amount);
    return { from: on, amount: String(sum) };
  });
}

/** Taxes as the file writes them, cut where the currency is the yen. */
function taxed({ input }: Vector): Request {
  const cut = input.currency === 'JPY' ? 'down' : 'half_even';
  const parts = (input.taxes as { name?: string; percent?: string; percentOfTax?: string }[] | undefined) ?? [
    { percent: input.taxPercent! },
  ];
  const tax = parts.map(({ name = 'Tax', ...part }) => ({ name, rounding: cut, ...part }) as const);
  const gross = input.gross ?? input.grossUnrounded;
  // A gross that is given is a year's interest at 1 %.
  const given = gross === undefined ? {} : { rate: '1', balance: timesHundred(gross) };
  return { days: input.days ?? 365, rounding: cut, tax, ...given };
}

function timesHundred(text: string): string {
  const [whole = '', decimals = ''] = text.split('.');
  return `${whole}${decimals.padEnd(2, '0')}`;
}

const posted = (view: InterestQuoteView): string[] => view.postings.map((one) => one.creditInterest);
/** A text of the file as amounts are shown. */
const euros = (text: string, decimals = 2): string => {
  const [whole = '', fraction = ''] = text.split('.');
  return decimals === 0 ? whole : `${whole}.${fraction.padEnd(decimals, '0')}`;
};
/** Exact interest, rounded away from zero to four decimals or eight. */
function roundedUp(exact: string, decimals: number): string {
  const [whole = '', fraction = ''] = exact.split('.');
  const digits = BigInt(`${whole}${fraction.padEnd(decimals + 1, '0').slice(0, decimals + 1)}`);
  const text = ((digits + 5n) / 10n).toString().padStart(decimals + 1, '0');
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/** What a quote shows of a figure, by the name that the file gives it. */
const FIGURES: Readonly<Record<string, (view: InterestQuoteView, decimals: number) => unknown>> = {
  accrued: (view) => view.accrued.creditInterest,
  gross: (view) => view.postings[0]?.creditInterest,
  weekPaid: (view) => view.postings[0]?.creditInterest,
  month: (view) => view.postings[0]?.creditInterest,
  firstSegment: (view) => roundedUp(view.segments[0]?.amount ?? '', 2),
  tax: (view) => view.postings[0]?.taxes[0]?.amount,
  national: (view) => view.postings[0]?.taxes[0]?.amount,
  surcharge: (view) => view.postings[0]?.taxes[1]?.amount,
  local: (view) => view.postings[0]?.taxes[1]?.amount,
  taxTotal: (view) => view.totals.tax,
  net: (view) => view.totals.net,
  rate: (view) => euros(view.segments[0]?.rate ?? ''),
  debitInterest: (view) => view.totals.debitInterest,
  creditInterest: (view) => view.totals.creditInterest,
  balanceThatCounts: (view) => view.segments[0]?.balance,
  apyPercent: (view) => view.apyPercent,
  aerPercent: (view) => view.aerPercent,
  byTier: (view) => view.segments[0]?.parts.map(({ amount }) => roundedUp(amount, 2)),
};

/** Figures that other tests compare, of sums or powers that no quote shows. */
const SHOWN_ELSEWHERE = [
  'eodBalanceBeforeInterest',
  'dayUnrounded',
  'bySegmentAsPrinted',
  'interestHalfYear',
  'balanceAfterYear',
];

/** Those that are compared as the file writes them. */
const KEPT = ['interest', 'maturityAmount'];

function quoteOf(section: Section, vector: Vector): VectorQuote {
  const request = requestOf({ ...asked(vector), ...(section === 'withholding_tax' ? taxed(vector) : {}) });
  const decimals = vector.input.currency === 'JPY' ? 0 : 2;
  const expected: Figures = Object.fromEntries(
    Object.entries(vector.expected as Figures)
      .filter(([name]) => !SHOWN_ELSEWHERE.includes(name))
      .map(([name, value]) => [
        name,
        typeof value !== 'string' || KEPT.includes(name)
          ? value
          : euros(value, name.endsWith('Percent') ? 2 : decimals),
      ]),
  );
  return {
    id: vector.id,
    request,
    expected,
    shown: (view) =>
      Object.fromEntries(
        Object.keys(expected).map((name) => [name, shownFigure(name, view, vector, decimals)]),
      ),
  };
}

function shownFigure(
  name: string,
  view: InterestQuoteView,
  { id, input, expected }: Vector,
  decimals: number,
) {
  if (name === 'maturityAmount') {
    const exact = view.segments.map(({ amount }) => Number(amount));
    return expected.maturityAmount!.length > 10
      ? String(Number(input.principal) + exact.reduce((sum, one) => sum + one, 0))
      : (Number(input.principal) + Number(posted(view)[0])).toFixed(2);
  }
  if (name !== 'interest') return FIGURES[name]?.(view, decimals);
  const figure = expected.interest as string | readonly string[];
  if (typeof figure !== 'string') return posted(view);
  if (/[.]\d{4}$/.test(figure)) return roundedUp(view.segments[0]?.amount ?? '', 4);
  const charged = id === 'OD-3' ? view.totals.debitInterest : (posted(view)[0] ?? '');
  return figure.includes('.') ? charged : charged.replace('.00', '');
}

/** Published figures that a quote can show. The others are of arithmetic that no quote asks for: see below. */
const QUOTED: Readonly<Partial<Record<Section, (id: string) => boolean>>> = {
  daily_accrual: (id) => !['ACC-9', 'ACC-10'].includes(id),
  accrual_runs: (id) => id !== 'RUN-7',
  tiers_by_band: () => true,
  tiers_whole_balance: () => true,
  apy_us_reg_dd: (id) => id === 'DD-B2',
  equivalent_rates: (id) => ['EQ-5', 'EQ-6'].includes(id),
  overdraft_and_negative: () => true,
  minimum_balance: () => true,
  withholding_tax: () => true,
  term_deposits: (id) => id !== 'TD-2',
};

export const VECTOR_QUOTES: readonly VectorQuote[] = [
  ...Object.entries(QUOTED).flatMap(([section, has]) =>
    VECTORS[section as Section]
      .filter(({ id }) => has(id))
      .map((vector) => quoteOf(section as Section, vector)),
  ),
  ...wholeYears(),
  ...twoSegments(),
  ...steps(),
];

/** A day, a month, a year and a leap year of the same balance. */
function wholeYears(): VectorQuote[] {
  const lengths = { day: 1, month31: 31, year365: 365, year366: 366 };
  return VECTORS.daily_accrual
    .filter(({ expected }) => expected.day !== undefined)
    .flatMap((vector) =>
      Object.entries(lengths).map(([name, days]) => ({
        id: `${vector.id} ${name}`,
        request: requestOf({ ...asked(vector), from: '2024-01-01', days }),
        shown: (view: InterestQuoteView) => ({ [name]: view.totals.creditInterest }),
        expected: { [name]: vector.expected[name] },
      })),
    );
}

function twoSegments(): VectorQuote[] {
  const vector = VECTORS.accrual_runs.find(({ id }) => id === 'RUN-7');
  const segments = (vector?.input.segments ?? []) as readonly {
    readonly balance: string;
    readonly days: number;
  }[];
  const figures = (vector?.expected.interest ?? []) as unknown as readonly string[];
  return segments.map(({ balance, days }, index) => ({
    id: `RUN-7 ${index + 1}`,
    request: requestOf({ balance, days, rate: '5', posting: 'maturity' }),
    shown: (view: InterestQuoteView) => ({ interest: view.totals.creditInterest }),
    expected: { interest: figures[index] },
  }));
}

/** Rates that follow one another are a promotion and the rate after it. */
function steps(): VectorQuote[] {
  return VECTORS.apy_us_reg_dd
    .filter(({ input }) => input.steps !== undefined)
    .map(({ id, input, expected }) => {
      const [first, second] = input.steps!;
      const request = requestOf({
        balance: input.principal!,
        rate: second!.annualRatePercent,
        promotions: [{ from: '2023-01-01', until: '2023-04-01', rate: first!.annualRatePercent }],
        compounding: 'daily',
        posting: 'maturity',
        days: first!.days + second!.days,
      });
      return {
        id,
        request,
        shown: (view: InterestQuoteView) => ({
          interest: view.totals.creditInterest,
          apyPercent: view.apyPercent,
        }),
        expected,
      };
    });
}
