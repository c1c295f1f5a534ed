import { type ReactNode, useState } from 'react';
import type { IncomingPayment } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useList } from '../api/use-bank.ts';
import { Act } from '../app/act.tsx';
import { ActButton, useMay } from '../app/rights.tsx';
import { showAmount } from '../show/amounts.ts';
import { DateText, inGroups, Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import { List } from '../ui/list.tsx';

type Doing = { readonly act: 'resolve' | 'return'; readonly payment: IncomingPayment };

/** What came in for nobody, and what is on its way out. */
export function Payments(): ReactNode {
  const text = useText();
  const may = useMay();
  return (
    <>
      <h1>{text.payments.title}</h1>
      {may('listIncomingPayments') && <Suspense />}
      {may('listOutgoingPayments') && <Outgoing />}
    </>
  );
}

function Suspense(): ReactNode {
  const text = useText();
  const [doing, setDoing] = useState<Doing>();
  const payments = useList('incomingPayments.list', { status: 'unresolved' });
  return (
    <section>
      <h2>{text.payments.suspense}</h2>
      <List
        caption={text.payments.suspense}
        pages={payments}
        keyOf={({ id }) => id}
        empty={text.payments.nothingWaits}
        right="payments:read"
        columns={[
          { head: text.account.date, cell: ({ valueDate }) => <DateText date={valueDate} /> },
          { head: text.payments.from, cell: ({ debtorName, debtorIban }) => debtorName ?? debtorIban },
          {
            head: text.payments.to,
            cell: ({ iban, creditorAccount }) => (iban === null ? creditorAccount : inGroups(iban)),
          },
          { head: text.payments.problem, cell: ({ problem }) => problem },
          {
            head: text.account.amount,
            isNumber: true,
            cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
          },
          {
            head: text.payments.acts,
            cell: (payment) => (
              <span className="row">
                <ActButton
                  operation="resolveIncomingPayment"
                  label={text.payments.resolve}
                  onClick={() => setDoing({ act: 'resolve', payment })}
                />
                <ActButton
                  operation="returnIncomingPayment"
                  label={text.payments.return}
                  onClick={() => setDoing({ act: 'return', payment })}
                />
              </span>
            ),
          },
        ]}
      />
      {doing !== undefined && (
        <PaymentAct key={`${doing.act} ${doing.payment.id}`} {...doing} onClose={() => setDoing(undefined)} />
      )}
    </section>
  );
}

/** Credit it to an account, or send it back with a reason. */
function PaymentAct({ act, payment, onClose }: Doing & { readonly onClose: () => void }): ReactNode {
  const { text, locale } = useLanguage();
  const amount = showAmount(payment.amount, payment.currency, locale);
  const words = {
    resolve: {
      title: text.payments.resolve,
      label: text.payments.account,
      confirm: text.payments.confirmResolve,
    },
    return: {
      title: text.payments.return,
      label: text.payments.reason,
      confirm: text.payments.confirmReturn,
    },
  }[act];
  return (
    <Act<{ given: string }, IncomingPayment>
      name={`${act}:${payment.id}`}
      title={`${words.title}: ${amount}`}
      empty={{ given: '' }}
      fields={({ given }, change) => (
        <Field
          label={words.label}
          value={given}
          onChange={(event) => change({ given: event.target.value })}
          autoFocus
          required
        />
      )}
      confirm={({ given }) => (given.trim() === '' ? undefined : fill(words.confirm, { amount }))}
      facts={({ given }) => [
        [words.label, given],
        [text.payments.from, payment.debtorName ?? payment.debtorIban],
        [text.counter.text, payment.reference],
      ]}
      send={({ key, form }) => {
        const given = form.given.trim();
        return act === 'resolve'
          ? bank.incomingPayments.resolve(payment.id, { accountId: given }, { idempotencyKey: key })
          : bank.incomingPayments.return(payment.id, { reason: given }, { idempotencyKey: key });
      }}
      tryOut={(form) => {
        const given = form.given.trim();
        return act === 'resolve'
          ? bank.incomingPayments.resolve(payment.id, { accountId: given }, { dryRun: true })
          : bank.incomingPayments.return(payment.id, { reason: given }, { dryRun: true });
      }}
      onClose={onClose}
    />
  );
}

function Outgoing(): ReactNode {
  const text = useText();
  const payments = useList('outgoingPayments.list', { status: 'pending_settlement' });
  return (
    <section>
      <h2>{text.payments.outgoing}</h2>
      <List
        caption={text.payments.outgoing}
        pages={payments}
        keyOf={({ id }) => id}
        empty={text.payments.nothingOut}
        right="payments:read"
        columns={[
          { head: text.account.date, cell: ({ businessDate }) => <DateText date={businessDate} /> },
          { head: text.payments.to, cell: ({ creditorName, creditorIban }) => creditorName ?? creditorIban },
          { head: text.counter.text, cell: ({ reference }) => reference },
          {
            head: text.account.amount,
            isNumber: true,
            cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
          },
        ]}
      />
    </section>
  );
}
