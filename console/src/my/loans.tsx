import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAnswer, useList } from '../api/use-bank.ts';
import { DateText, Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { List } from '../ui/list.tsx';
import { useMyText } from './text.ts';

/** What a customer owes, and when the next of it is due. */
export function MyLoans(): ReactNode {
  const text = useText();
  const mine = useMyText();
  const loans = useList('loans.list');
  return (
    <>
      <h1>{mine.loans}</h1>
      <List
        caption={mine.loans}
        pages={loans}
        keyOf={({ id }) => id}
        empty={mine.noLoans}
        right="loans:read"
        columns={[
          {
            head: text.loans.loan,
            cell: ({ id, productId }) => (
              <Link to="/my/loans/$id" params={{ id }}>
                <LoanName productId={productId} />
              </Link>
            ),
          },
          { head: text.customers.status, cell: ({ status }) => text.loans.statuses[status] },
          {
            head: mine.owed,
            isNumber: true,
            cell: ({ outstanding, currency }) => <Money amount={outstanding.total} currency={currency} />,
          },
          {
            head: mine.instalment,
            isNumber: true,
            cell: ({ nextDueAmount, nextDueDate, currency }) =>
              nextDueAmount !== null &&
              nextDueDate !== null && (
                <span>
                  <Money amount={nextDueAmount} currency={currency} /> <DateText date={nextDueDate} />
                </span>
              ),
          },
        ]}
      />
    </>
  );
}

/** What the bank calls such a loan. */
export function LoanName({ productId }: { readonly productId: string }): ReactNode {
  const text = useText();
  const { data } = useAnswer('loanProducts.get', productId);
  return data?.name ?? text.loans.loan;
}
