import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LoanStatus, Portfolio } from '#sdk/index.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { useAsOf } from '../app/as-of.tsx';
import { useMay } from '../app/rights.tsx';
import { showDecimal } from '../forms/numbers.ts';
import { DateText, Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import { List, Table } from '../ui/list.tsx';

const route = getRouteApi('/loans');

/** All loans, by status and by days late. */
export function Loans(): ReactNode {
  const text = useText();
  const may = useMay();
  const { status, late, asOf } = route.useSearch();
  const loans = useList('loans.list', {
    // As it stands in the address: the bank says if there is no such status.
    status: status as LoanStatus | undefined,
    minDaysPastDue: late === undefined ? undefined : Number(late),
  });
  return (
    <>
      <h1>{text.loans.title}</h1>
      <p className="row">
        {may('quoteLoan') && <Link to="/loans/offers">{text.offers.title}</Link>}
        <Link
          to="/resources/$name/$"
          params={{ name: 'loans', _splat: '' }}
          search={{
            ...(status === undefined ? {} : { status }),
            ...(late === undefined ? {} : { minDaysPastDue: late }),
          }}
        >
          {text.customers.allFilters}
        </Link>
      </p>
      {may('getLoanPortfolio') && <PortfolioAtRisk />}
      {asOf !== undefined && <p className="hint">{text.asOf.listIsNow}</p>}
      <LoanFilters />
      <List
        caption={text.loans.title}
        pages={loans}
        keyOf={({ id }) => id}
        empty={text.loans.empty}
        right="loans:read"
        columns={[
          {
            head: text.loans.loan,
            cell: ({ id }) => (
              <Link to="/loans/$id" params={{ id }}>
                {id}
              </Link>
            ),
          },
          { head: text.customers.status, cell: (loan) => text.loans.statuses[loan.status] },
          { head: text.loans.days, isNumber: true, cell: ({ daysPastDue }) => daysPastDue },
          {
            head: text.loans.next,
            cell: ({ nextDueDate }) => nextDueDate && <DateText date={nextDueDate} />,
          },
          {
            head: text.loans.arrears,
            isNumber: true,
            cell: ({ arrears, currency }) => <Money amount={arrears} currency={currency} />,
          },
          {
            head: text.loans.outstanding,
            isNumber: true,
            cell: ({ outstanding, currency }) => <Money amount={outstanding.total} currency={currency} />,
          },
        ]}
      />
    </>
  );
}

/** In the address, as every filter is. */
function LoanFilters(): ReactNode {
  const text = useText();
  const { status, late } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="row">
      <div className="field">
        <label htmlFor="loan-status">{text.customers.status}</label>
        <select
          id="loan-status"
          value={status ?? ''}
          onChange={(event) =>
            void navigate({
              search: (old) => ({ ...old, status: event.target.value || undefined }),
              replace: true,
            })
          }
        >
          <option value="">{text.loans.all}</option>
          {Object.entries(text.loans.statuses).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={text.loans.late}
        inputMode="numeric"
        pattern="[0-9]*"
        defaultValue={late ?? ''}
        onChange={({ target: { value } }) =>
          void navigate({
            search: (old) => ({ ...old, late: /^\d{1,4}$/.test(value) ? value : undefined }),
            replace: true,
          })
        }
      />
    </div>
  );
}

const BUCKETS = ['current', 'days1To30', 'days31To60', 'days61To90', 'over90'] as const;

function PortfolioAtRisk(): ReactNode {
  const { text, locale } = useLanguage();
  const asOf = useAsOf();
  const { data: portfolio } = useAnswer('loans.portfolio', { asOf });
  if (portfolio === undefined) return null;
  return portfolio.totals.map((total) => (
    <section key={total.currency}>
      <h2>
        {fill(text.loans.risk, { currency: total.currency, share: showDecimal(total.par30Percent, locale) })}
      </h2>
      <Table
        caption={fill(text.loans.risk, {
          currency: total.currency,
          share: showDecimal(total.par30Percent, locale),
        })}
        keyOf={(bucket) => bucket}
        items={BUCKETS}
        columns={[
          { head: text.loans.bucket, cell: (bucket) => text.loans.buckets[bucket] },
          { head: text.loans.title, isNumber: true, cell: (name) => bucketOf(total, name)?.loans ?? 0 },
          {
            head: text.loans.outstanding,
            isNumber: true,
            cell: (name) => (
              <Money amount={bucketOf(total, name)?.outstanding.total ?? '0'} currency={total.currency} />
            ),
          },
        ]}
      />
    </section>
  ));
}

type Total = Portfolio['totals'][number];

function bucketOf({ buckets }: Total, name: (typeof BUCKETS)[number]): Total['buckets'][number] | undefined {
  return buckets.find(({ bucket }) => bucket === name);
}
