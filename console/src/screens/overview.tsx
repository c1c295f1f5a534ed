import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Portfolio, sum, type TrialBalance } from '#sdk/index.ts';
import { ask } from '../api/calls.ts';
import { useAnswer } from '../api/use-bank.ts';
import { showDecimal } from '../forms/numbers.ts';
import { showAmount } from '../show/amounts.ts';
import { Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { type Bar, Bars, Columns } from '../ui/charts.tsx';
import { Failure } from '../ui/fail.tsx';

/** What the bank may pay with at once: its cash, and what it has at the central bank and at other banks, 1000 to 1199. */
const isLiquid = ({ code }: Line): boolean => /^1[01]\d\d$/.test(code);
/** Days of which the volume is shown: a week. */
const DAYS = 7;
const DAY_MS = 86_400_000;

type Line = TrialBalance['lines'][number];

/** The bank in pictures, in its own currency: each mark leads to what it is made of. */
export function Overview(): ReactNode {
  const text = useText();
  const { data: bank } = useAnswer('bank.get');
  const { data: day } = useAnswer('businessDate.get');
  const books = useAnswer('accounting.trialBalance', {});
  const { data: portfolio } = useAnswer('loans.portfolio', {});
  const codes = useDepositCodes();
  const { error } = books;
  if (error !== null && books.data === undefined)
    return <Failure error={error} retry={() => void books.refetch()} />;
  if (bank === undefined || day === undefined || books.data === undefined || codes === undefined)
    return <p aria-busy="true">{text.list.loading}</p>;
  const currency = bank.baseCurrency;
  const today = day.businessDate;
  const lines = books.data.lines.filter((line) => line.currency === currency);
  return (
    <div className="pictures">
      <Deposits {...{ currency, lines, codes, today }} />
      <Liquidity {...{ currency, lines, codes, today }} />
      {portfolio !== undefined && <Lending {...{ currency, portfolio }} />}
      {portfolio !== undefined && <Arrears {...{ currency, portfolio }} />}
      <Volumes {...{ currency, codes, today }} />
    </div>
  );
}

/** The lines of the chart that customers’ accounts belong to, as the products say. */
function useDepositCodes(): ReadonlySet<string> | undefined {
  const { data } = useAnswer('products.list', {});
  return data && new Set(data.data.map(({ accounting }) => accounting.customerAccounts));
}

type BooksProps = {
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly codes: ReadonlySet<string>;
  readonly today: string;
};

function Deposits({ currency, lines, codes, today }: BooksProps): ReactNode {
  const text = useText();
  const deposits = lines.filter(({ code }) => codes.has(code));
  return (
    <Picture title={text.overview.deposits} total={creditOf(deposits)} currency={currency}>
      <Bars
        title={text.overview.deposits}
        bars={deposits.map((line) => barOf(line, line.credit, { currency, today }))}
      />
    </Picture>
  );
}

function Liquidity({ currency, lines, codes, today }: BooksProps): ReactNode {
  const { text, locale } = useLanguage();
  const liquid = lines.filter(isLiquid);
  const total = sum(...liquid.map(({ debit }) => debit));
  const owed = Number(creditOf(lines.filter(({ code }) => codes.has(code))));
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <Picture title={text.overview.liquidity} total={total} currency={currency}>
      {owed > 0 && <p>{fill(text.overview.ofDeposits, { share: share.format(Number(total) / owed) })}</p>}
      <Bars
        title={text.overview.liquidity}
        bars={liquid.map((line) => barOf(line, line.debit, { currency, today }))}
      />
    </Picture>
  );
}

function creditOf(lines: readonly Line[]): string {
  return sum(...lines.map(({ credit }) => credit));
}

/** A line of the books: it leads to what was posted to it in the last days. */
function barOf(
  { code, name }: Line,
  amount: string,
  { currency, today }: { readonly currency: string; readonly today: string },
): Bar {
  const from = daysBefore(today, DAYS - 1);
  return {
    key: code,
    label: `${code} ${name}`,
    figure: <Money amount={amount} currency={currency} />,
    size: Number(amount),
    link: (children) => (
      <Link
        to="/resources/$name/$"
        params={{ name: 'gl-account-lines', _splat: code }}
        search={{ currency, from }}
      >
        {children}
      </Link>
    ),
  };
}

type LendingProps = { readonly currency: string; readonly portfolio: Portfolio };

function Lending({ currency, portfolio }: LendingProps): ReactNode {
  const text = useText();
  const products = portfolio.products.filter((product) => product.currency === currency);
  const total = sum(...products.map(({ outstanding }) => outstanding.total));
  return (
    <Picture title={text.overview.lending} total={total} currency={currency}>
      <Bars
        title={text.overview.lending}
        bars={products.map(({ productId, productName, outstanding }) => ({
          key: productId,
          label: productName,
          figure: <Money amount={outstanding.total} currency={currency} />,
          size: Number(outstanding.total),
          link: (children) => <ToLoans search={{ productId, status: 'active' }}>{children}</ToLoans>,
        }))}
      />
    </Picture>
  );
}

/** The days past due of each bucket, as filters of the list of loans. */
const BUCKETS = {
  current: { maxDaysPastDue: '0' },
  days1To30: { minDaysPastDue: '1', maxDaysPastDue: '30' },
  days31To60: { minDaysPastDue: '31', maxDaysPastDue: '60' },
  days61To90: { minDaysPastDue: '61', maxDaysPastDue: '90' },
  over90: { minDaysPastDue: '91' },
} as const;

function Arrears({ currency, portfolio }: LendingProps): ReactNode {
  const { text, locale } = useLanguage();
  const total = portfolio.totals.find((one) => one.currency === currency);
  if (total === undefined) return null;
  return (
    <Picture title={text.overview.arrears} total={total.arrears} currency={currency}>
      <p>{fill(text.loans.risk, { currency, share: showDecimal(total.par30Percent, locale) })}</p>
      <Bars
        title={text.overview.arrears}
        bars={total.buckets.map(({ bucket, loans, outstanding }) => ({
          key: bucket,
          label: `${text.loans.bucket}: ${text.loans.buckets[bucket]}`,
          figure: fill(text.overview.loans, {
            count: loans.toLocaleString(locale),
            amount: showAmount(outstanding.total, currency, locale),
          }),
          size: Number(outstanding.total),
          link: (children) => <ToLoans search={{ currency, ...BUCKETS[bucket] }}>{children}</ToLoans>,
        }))}
      />
    </Picture>
  );
}

type ToLoansProps = { readonly search: Record<string, string>; readonly children: ReactNode };

function ToLoans({ search, children }: ToLoansProps): ReactNode {
  return (
    <Link to="/resources/$name/$" params={{ name: 'loans', _splat: '' }} search={search}>
      {children}
    </Link>
  );
}

type VolumesProps = {
  readonly currency: string;
  readonly codes: ReadonlySet<string>;
  readonly today: string;
};

/** What came to customers' accounts and what left them, day by day: the books of a span of one day say it. */
function Volumes({ currency, codes, today }: VolumesProps): ReactNode {
  const { text, locale } = useLanguage();
  const days = Array.from({ length: DAYS }, (_, index) => daysBefore(today, DAYS - 1 - index));
  const spans = useQueries({
    queries: days.map((date) => ({
      queryKey: ['accounting.trialBalance', { from: date, to: date }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask('accounting.trialBalance', [{ from: date, to: date }], { signal }),
    })),
  });
  const shown = (amount: string): string => showAmount(amount, currency, locale);
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', timeZone: 'UTC' });
  const columns = days.map((date, index) => {
    const lines = (spans[index]?.data?.lines ?? []).filter(
      (line) => line.currency === currency && codes.has(line.code),
    );
    const into = sum(...lines.flatMap(({ movementCredit }) => movementCredit ?? []));
    const out = sum(...lines.flatMap(({ movementDebit }) => movementDebit ?? []));
    return {
      key: date,
      label: format.format(new Date(`${date}T00:00:00Z`)),
      said: `${text.overview.into} ${shown(into)}, ${text.overview.out} ${shown(out)}`,
      sizes: [Number(into), Number(out)] as const,
      link: (children: ReactNode) => (
        <Link
          to="/resources/$name/$"
          params={{ name: 'transactions', _splat: '' }}
          search={{ from: date, to: date }}
        >
          {children}
        </Link>
      ),
    };
  });
  return (
    <section>
      <h3>{text.overview.volumes}</h3>
      <Columns
        title={text.overview.volumes}
        names={[text.overview.into, text.overview.out]}
        columns={columns}
      />
    </section>
  );
}

function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

type PictureProps = {
  readonly title: string;
  readonly total: string;
  readonly currency: string;
  readonly children: ReactNode;
};

function Picture({ title, total, currency, children }: PictureProps): ReactNode {
  return (
    <section>
      <h3>
        {title} <Money amount={total} currency={currency} />
      </h3>
      {children}
    </section>
  );
}
