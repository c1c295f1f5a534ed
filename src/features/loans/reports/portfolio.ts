import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { divideRounded } from '#lib/money/fraction.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { ARREARS_BUCKETS, type ArrearsBucket } from '../products/product-conditions.ts';
import { partsView } from '../schemas.ts';
import type { PortfolioRow } from './portfolio-repository.ts';
import type { PortfolioTotalView, PortfolioView } from './schemas.ts';

/** The loan portfolio at the end of a date. */
export type Portfolio = { readonly asOf: IsoDate; readonly rows: readonly PortfolioRow[] };

export function portfolioView({ asOf, rows }: Portfolio): PortfolioView {
  const byProduct = Map.groupBy(rows, ({ productId }) => productId);
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency);
  return {
    asOf,
    products: [...byProduct].map(([id, ofProduct]) => {
      const [first] = ofProduct;
      const productName = first?.productName ?? '';
      return { productId: toTypeId('loanProduct', id), productName, ...sumsOf(ofProduct) };
    }),
    totals: [...byCurrency.values()].map(sumsOf),
  };
}

type Sums = Omit<PortfolioRow, 'productId' | 'productName' | 'currency' | 'bucket'>;

function sumsOf(rows: readonly PortfolioRow[]): PortfolioTotalView {
  const currency = rows[0]?.currency ?? ('XXX' as Currency);
  const all = addUp(rows);
  return {
    currency,
    loans: all.loans,
    outstanding: partsView(all, currency),
    arrears: formatAmount(all.arrearsMinor, currency),
    buckets: ARREARS_BUCKETS.map((bucket) => {
      const sums = addUp(rows.filter((row) => row.bucket === bucket));
      const arrears = formatAmount(sums.arrearsMinor, currency);
      return { bucket, loans: sums.loans, outstanding: partsView(sums, currency), arrears };
    }),
    par30Percent: atRisk(rows, ['days31To60', 'days61To90', 'over90'], all),
    par90Percent: atRisk(rows, ['over90'], all),
    provisionHeld: formatAmount(all.provisionMinor, currency),
    provisionRequired: formatAmount(all.requiredMinor, currency),
    nonAccrual: { loans: all.nonAccrualLoans, memorandum: formatAmount(all.memorandumMinor, currency) },
    security: {
      collateral: formatAmount(all.collateralMinor, currency),
      secured: formatAmount(all.securedMinor, currency),
      unsecured: formatAmount(all.principalMinor - all.securedMinor, currency),
      coveragePercent: percentOf(all.securedMinor, all.principalMinor),
      guaranteedLoans: all.guaranteedLoans,
      coBorrowerLoans: all.coBorrowerLoans,
    },
  };
}

function addUp(rows: readonly Sums[]): Sums {
  const sum = (of: (row: Sums) => bigint): bigint => rows.reduce((total, row) => total + of(row), 0n);
  const count = (of: (row: Sums) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    loans: count(({ loans }) => loans),
    principalMinor: sum(({ principalMinor }) => principalMinor),
    interestMinor: sum(({ interestMinor }) => interestMinor),
    feesMinor: sum(({ feesMinor }) => feesMinor),
    penaltiesMinor: sum(({ penaltiesMinor }) => penaltiesMinor),
    arrearsMinor: sum(({ arrearsMinor }) => arrearsMinor),
    provisionMinor: sum(({ provisionMinor }) => provisionMinor),
    requiredMinor: sum(({ requiredMinor }) => requiredMinor),
    nonAccrualLoans: count(({ nonAccrualLoans }) => nonAccrualLoans),
    memorandumMinor: sum(({ memorandumMinor }) => memorandumMinor),
    collateralMinor: sum(({ collateralMinor }) => collateralMinor),
    securedMinor: sum(({ securedMinor }) => securedMinor),
    guaranteedLoans: count(({ guaranteedLoans }) => guaranteedLoans),
    coBorrowerLoans: count(({ coBorrowerLoans }) => coBorrowerLoans),
  };
}

/** Portfolio at risk: the principal of the loans in these buckets over that of all loans, to two decimals. */
function atRisk(
  rows: readonly PortfolioRow[],
  buckets: readonly ArrearsBucket[],
  { principalMinor }: Sums,
): string {
  const atRiskMinor = addUp(rows.filter(({ bucket }) => buckets.includes(bucket))).principalMinor;
  return percentOf(atRiskMinor, principalMinor);
}

/** A part in percent of all, to two decimals; zero of nothing. */
function percentOf(partMinor: bigint, allMinor: bigint): string {
  if (allMinor === 0n) return '0.00';
  const hundredths = divideRounded(partMinor * 10_000n, allMinor, 'half_even');
  const digits = hundredths.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
