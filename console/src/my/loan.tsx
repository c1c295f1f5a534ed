import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Loan } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer } from '../api/use-bank.ts';
import { showDecimal } from '../forms/numbers.ts';
import { DateText, Money } from '../show/show.tsx';
import { useLanguage, useText } from '../text/language.tsx';
import { DownloadButton } from '../ui/download-button.tsx';
import { Failure } from '../ui/fail.tsx';
import { Facts, Table } from '../ui/list.tsx';
import { LoanName } from './loans.tsx';
import { useMyText } from './text.ts';

const route = getRouteApi('/my/loans/$id');

/** One loan of a customer, with its schedule and its statement. */
export function MyLoan(): ReactNode {
  const { text, locale } = useLanguage();
  const mine = useMyText();
  const { id } = route.useParams();
  const { data: loan, error, refetch } = useAnswer('loans.get', id);
  if (error !== null && loan === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (loan === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={loan.currency} />;
  return (
    <>
      <h1>
        <LoanName productId={loan.productId} />
      </h1>
      <Facts
        facts={[
          [text.customers.status, text.loans.statuses[loan.status]],
          [text.account.amount, money(loan.approvedAmount ?? loan.requestedAmount)],
          [text.loans.rate, `${showDecimal(loan.annualRatePercent, locale)} %`],
          [mine.owed, money(loan.outstanding.total)],
          [text.loans.arrears, /[1-9]/.test(loan.arrears) ? money(loan.arrears) : null],
          [mine.instalment, loan.nextDueAmount && money(loan.nextDueAmount)],
          [text.loans.next, loan.nextDueDate && <DateText key="next" date={loan.nextDueDate} />],
        ]}
      />
      <p>
        <DownloadButton
          label={`${mine.statements}: ${mine.pdf}`}
          file={`${loan.id}.pdf`}
          read={() => bank.loans.statement(loan.id, { format: 'pdf' })}
        />
      </p>
      <Schedule loan={loan} />
    </>
  );
}

function Schedule({ loan }: { readonly loan: Loan }): ReactNode {
  const text = useText();
  const { data } = useAnswer('loans.schedule', loan.id);
  if (data === undefined) return null;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={loan.currency} />;
  return (
    <section>
      <h2>{text.loans.schedule}</h2>
      <Table
        caption={text.loans.schedule}
        items={data.schedule}
        keyOf={({ number }) => String(number)}
        columns={[
          { head: text.loans.due, cell: ({ dueDate }) => <DateText date={dueDate} /> },
          { head: text.loans.principal, isNumber: true, cell: ({ principal }) => money(principal) },
          { head: text.loans.interest, isNumber: true, cell: ({ interest }) => money(interest) },
          { head: text.loans.instalment, isNumber: true, cell: ({ total }) => money(total) },
          { head: text.loans.left, isNumber: true, cell: ({ outstanding }) => money(outstanding) },
        ]}
      />
    </section>
  );
}
