import type { ReactNode } from 'react';
import type { Account, Transaction } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { Act } from '../app/act.tsx';
import { fractionDigitsOf, readAmount, showAmount } from '../show/amounts.ts';
import { given } from '../show/given.ts';
import { Code, DateText, Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { AmountField } from '../ui/amount-field.tsx';
import { ReceiptRow } from '../ui/done-row.tsx';
import { Field } from '../ui/field.tsx';
import { type Fact, Facts } from '../ui/list.tsx';
import { isComplete, NO_WAY, payeeOf, useWayFacts, type Way, WayFields } from './payee-fields.tsx';
import { useMyText } from './text.ts';

type TransferForm = Way & { readonly amount: string; readonly description: string };

type MyTransferProps = {
  readonly accounts: readonly Account[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly onClose: () => void;
};

/** Money from an account of one's own to another, to a payee, or to somebody else. */
export function MyTransfer({ accounts, from = '', to = '', onClose }: MyTransferProps): ReactNode {
  const { text, locale } = useLanguage();
  const mine = useMyText();
  const wayFacts = useWayFacts(accounts);
  const usable = accounts.filter(({ status }) => status === 'active');
  const first = usable.find(({ balance }) => /^[^-]*[1-9]/.test(balance.available)) ?? usable[0];
  const payerOf = (form: Way): Account | undefined => accounts.find(({ id }) => id === form.from) ?? first;
  const amountOf = (form: TransferForm) => {
    const payer = payerOf(form);
    return payer && readAmount(form.amount, locale, fractionDigitsOf(payer.balance.posted));
  };
  const bodyOf = (form: TransferForm) => {
    const [amount, payer] = [amountOf(form), payerOf(form)];
    if (amount === undefined || payer === undefined) throw new TypeError('the form has no amount');
    const body = { fromAccountId: payer.id, ...payeeOf(form), amount, currency: payer.currency };
    return { ...body, ...given({ description: form.description }) };
  };
  return (
    <Act<TransferForm, Transaction>
      name={`my-transfer:${from}:${to}`}
      title={mine.transfer}
      empty={{ ...NO_WAY, from: from || (first?.id ?? ''), to, amount: '', description: '' }}
      fields={(form, change, isTried) => (
        <>
          <WayFields way={form} accounts={accounts} onChange={change} />
          <AmountField
            typed={form.amount}
            currency={payerOf(form)?.currency ?? ''}
            digits={fractionDigitsOf(payerOf(form)?.balance.posted ?? '')}
            isTried={isTried}
            onType={(amount) => change({ amount })}
          />
          <Field
            label={text.counter.text}
            value={form.description}
            onChange={({ target }) => change({ description: target.value })}
          />
        </>
      )}
      confirm={(form) => {
        const [amount, payer] = [amountOf(form), payerOf(form)];
        if (amount === undefined || payer === undefined || !isComplete(form)) return undefined;
        return fill(mine.send, { amount: showAmount(amount, payer.currency, locale) });
      }}
      facts={(form) => [...wayFacts(form), [text.counter.text, form.description]]}
      send={({ key, form }) => bank.transfers.create(bodyOf(form), { idempotencyKey: key })}
      tryOut={(form) => bank.transfers.create(bodyOf(form), { dryRun: true })}
      done={(transaction, close) => <Sent transaction={transaction} onClose={close} />}
      onClose={onClose}
    />
  );
}

type SentProps = { readonly transaction: Transaction; readonly onClose: () => void };

function Sent({ transaction, onClose }: SentProps): ReactNode {
  const text = useText();
  const mine = useMyText();
  const { id, amount, balanceAfter, currency, counterparty, description, businessDate } = transaction;
  const facts: readonly Fact[] = [
    [mine.sent, <Money key="amount" amount={amount} currency={currency} />],
    [mine.to, counterparty?.name],
    [text.counter.text, description],
    [text.counter.after, balanceAfter && <Money key="after" amount={balanceAfter} currency={currency} />],
    [text.account.date, <DateText key="date" date={businessDate} />],
    [text.counter.transaction, <Code key="id" value={id} />],
  ];
  return (
    <article className="receipt" aria-label={text.counter.receipt}>
      <Facts facts={facts} />
      <ReceiptRow onClose={onClose} />
    </article>
  );
}
