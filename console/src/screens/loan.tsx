import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Loan } from '#sdk/index.ts';
import { useAnswer } from '../api/use-bank.ts';
import { showDecimal } from '../forms/numbers.ts';
import { Code, DateText, Money } from '../show/show.tsx';
import { useLanguage, useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { Facts, Table } from '../ui/list.tsx';

const route = getRouteApi('/loans/$id');

export function LoanScreen(): ReactNode {
  const text = useText();
  const { id } = route.useParams();
  const { data: loan, error, refetch } = useAnswer('loans.get', id);
  const { data: schedule } = useAnswer('loans.schedule', id);
  if (error !== null && loan === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (loan === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  const money = (amount: string): ReactNode => <Money amount={amount} currency={loan.currency} />;
  return (
    <>
      <h1>{text.loans.loan}</h1>
      <LoanFacts loan={loan} />
      {schedule !== undefined && (
        <section>
          <h2>{text.loans.schedule}</h2>
          <Table
            caption={text.loans.schedule}
            items={schedule.schedule}
            keyOf={({ number }) => String(number)}
            columns={[
              { head: text.loans.number, isNumber: true, cell: ({ number }) => number },
              { head: text.loans.due, cell: ({ dueDate }) => <DateText date={dueDate} /> },
              { head: text.loans.principal, isNumber: true, cell: ({ principal }) => money(principal) },
              { head: text.loans.interest, isNumber: true, cell: ({ interest }) => money(interest) },
              { head: text.loans.fees, isNumber: true, cell: ({ fees }) => money(fees) },
              { head: text.loans.instalment, isNumber: true, cell: ({ total }) => money(total) },
              { head: text.loans.left, isNumber: true, cell: ({ outstanding }) => money(outstanding) },
              { head: text.customers.status, cell: ({ status }) => status },
            ]}
          />
        </section>
      )}
    </>
  );
}

function LoanFacts({ loan }: { readonly loan: Loan }): ReactNode {
  const { text, locale } = useLanguage();
  const money = (amount: string): ReactNode => <Money amount={amount} currency={loan.currency} />;
  const { customerId, accountId } = loan;
  return (
    <Facts
      facts={[
        [text.customers.status, text.loans.statuses[loan.status]],
        [
          text.account.holders,
          <Link key="customer" to="/customers/$id" params={{ id: customerId }}>
            {customerId}
          </Link>,
        ],
        [
          text.account.title,
          <Link key="account" to="/accounts/$id" params={{ id: accountId }}>
            {accountId}
          </Link>,
        ],
        [text.account.amount, money(loan.approvedAmount ?? loan.requestedAmount)],
        [text.loans.rate, `${showDecimal(loan.annualRatePercent, locale)} %`],
        [text.loans.outstanding, money(loan.outstanding.total)],
        [text.loans.arrears, money(loan.arrears)],
        [text.loans.days, loan.daysPastDue],
        [text.loans.next, loan.nextDueDate && <DateText key="next" date={loan.nextDueDate} />],
        [text.customer.id, <Code key="id" value={loan.id} />],
      ]}
    />
  );
}
