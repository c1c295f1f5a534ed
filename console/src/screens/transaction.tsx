import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Transaction } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer } from '../api/use-bank.ts';
import { Act } from '../app/act.tsx';
import { ActButton } from '../app/rights.tsx';
import { showAmount } from '../show/amounts.ts';
import { Code, DateText, InstantText, inGroups, Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { Field } from '../ui/field.tsx';
import { Facts } from '../ui/list.tsx';

const route = getRouteApi('/transactions/$id');

export function TransactionScreen(): ReactNode {
  const text = useText();
  const { id } = route.useParams();
  const { data: transaction, error, refetch } = useAnswer('transactions.get', id);
  const [isReversing, setReversing] = useState(false);
  if (error !== null && transaction === undefined)
    return <Failure error={error} retry={() => void refetch()} />;
  if (transaction === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  return (
    <>
      <h1>{text.types[transaction.type]}</h1>
      <p className="row">
        <ActButton
          operation="reverseTransaction"
          label={text.transaction.reverse}
          obstacle={transaction.reversedBy === null ? undefined : text.transaction.isReversed}
          onClick={() => setReversing(true)}
        />
      </p>
      <TransactionFacts transaction={transaction} />
      {isReversing && <Reversal transaction={transaction} onClose={() => setReversing(false)} />}
    </>
  );
}

function TransactionFacts({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const text = useText();
  const { data: facts } = useAnswer('bank.get');
  const { amount, balanceAfter, currency, counterparty, reverses, reversedBy, accountId } = transaction;
  const account = (id: string): ReactNode => (
    <Link to="/accounts/$id" params={{ id }}>
      {id}
    </Link>
  );
  const other = (id: string): ReactNode => (
    <Link to="/transactions/$id" params={{ id }}>
      {id}
    </Link>
  );
  return (
    <Facts
      facts={[
        [text.account.amount, <Money key="amount" amount={amount} currency={currency} />],
        [text.account.title, account(accountId)],
        [
          text.transaction.counterparty,
          transaction.counterpartyAccountId && account(transaction.counterpartyAccountId),
        ],
        [text.counter.payeeName, counterparty?.name ?? transaction.payerName],
        [text.account.iban, counterparty?.iban && inGroups(counterparty.iban)],
        [text.counter.text, transaction.description],
        [text.transaction.reference, transaction.reference],
        [text.counter.after, balanceAfter && <Money key="after" amount={balanceAfter} currency={currency} />],
        [text.businessDate, <DateText key="date" date={transaction.businessDate} />],
        [text.transaction.valueDate, <DateText key="value" date={transaction.valueDate} />],
        [
          text.account.date,
          <InstantText key="at" instant={transaction.createdAt} timeZone={facts?.timeZone ?? 'UTC'} />,
        ],
        [text.transaction.reverses, reverses && other(reverses)],
        [text.account.reversed, reversedBy && other(reversedBy)],
        [text.transaction.reason, transaction.reason],
        [text.counter.transaction, <Code key="id" value={transaction.id} />],
      ]}
    />
  );
}

/** It takes a reason, and both entries stay in the books. */
function Reversal({
  transaction,
  onClose,
}: {
  readonly transaction: Transaction;
  readonly onClose: () => void;
}): ReactNode {
  const { text, locale } = useLanguage();
  const amount = showAmount(transaction.amount, transaction.currency, locale);
  return (
    <Act<{ reason: string }, Transaction>
      name={`reverse:${transaction.id}`}
      title={text.transaction.reverse}
      empty={{ reason: '' }}
      fields={({ reason }, change) => (
        <Field
          label={text.transaction.reason}
          hint={text.transaction.reverseWhy}
          value={reason}
          onChange={(event) => change({ reason: event.target.value })}
          autoFocus
          required
        />
      )}
      confirm={({ reason }) =>
        reason.trim() === '' ? undefined : fill(text.transaction.confirmReverse, { amount })
      }
      facts={({ reason }) => [
        [text.account.what, text.types[transaction.type]],
        [text.transaction.reason, reason],
      ]}
      send={({ key, form }) =>
        bank.transactions.reverse(transaction.id, { reason: form.reason.trim() }, { idempotencyKey: key })
      }
      tryOut={({ reason }) =>
        bank.transactions.reverse(transaction.id, { reason: reason.trim() }, { dryRun: true })
      }
      onClose={onClose}
    />
  );
}
