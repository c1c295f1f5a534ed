import type { ReactNode } from 'react';
import { useAnswer } from '../api/use-bank.ts';
import { useAsOf } from '../app/as-of.tsx';
import { Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { Table } from '../ui/list.tsx';

/** The whole bank in one table, at the end of any date. */
export function Books(): ReactNode {
  const text = useText();
  const asOf = useAsOf();
  const { data, error, refetch } = useAnswer('accounting.trialBalance', { asOf });
  return (
    <>
      <h1>{text.books.title}</h1>
      {error !== null && data === undefined && <Failure error={error} retry={() => void refetch()} />}
      {data !== undefined && (
        <>
          <Table
            caption={text.books.title}
            items={data.lines}
            keyOf={({ code, currency }) => `${code} ${currency}`}
            columns={[
              { head: text.books.code, cell: ({ code }) => code },
              { head: text.books.name, cell: ({ name }) => name },
              {
                head: text.books.debit,
                isNumber: true,
                cell: ({ debit, currency }) => <Money amount={debit} currency={currency} />,
              },
              {
                head: text.books.credit,
                isNumber: true,
                cell: ({ credit, currency }) => <Money amount={credit} currency={currency} />,
              },
            ]}
          />
          <Table
            caption={text.books.totals}
            items={data.totals}
            keyOf={({ currency }) => currency}
            columns={[
              { head: text.books.totals, cell: ({ currency }) => currency },
              {
                head: text.books.debit,
                isNumber: true,
                cell: ({ debit, currency }) => <Money amount={debit} currency={currency} />,
              },
              {
                head: text.books.credit,
                isNumber: true,
                cell: ({ credit, currency }) => <Money amount={credit} currency={currency} />,
              },
            ]}
          />
        </>
      )}
    </>
  );
}
