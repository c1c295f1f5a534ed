import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { CounterAct } from '../api/attempt.ts';
import { session } from '../api/session.ts';
import type { Account, Transaction } from '../api/types.ts';
import { useAttempt } from '../app/use-attempt.ts';
import { fractionDigitsOf, readAmount, showAmount } from '../show/amounts.ts';
import { looksLikeIban } from '../show/iban.ts';
import { clockTime } from '../show/show.tsx';
import type { Text } from '../text/en.ts';
import { fill, useLanguage } from '../text/language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/fail.tsx';
import { Field } from '../ui/field.tsx';
import { Facts } from '../ui/list.tsx';
import { Receipt } from './receipt.tsx';

/** As typed: nothing is rounded or completed in the field. */
export type CounterForm = {
  readonly amount: string;
  readonly description: string;
  readonly payee: string;
  readonly payeeName: string;
};

const EMPTY: CounterForm = { amount: '', description: '', payee: '', payeeName: '' };
const PATHS = { deposit: '/v1/deposits', withdraw: '/v1/withdrawals', transfer: '/v1/transfers' } as const;

type CounterProps = { readonly act: CounterAct; readonly account: Account; readonly onClose: () => void };

/** Money in, out and on: what is typed, what it means, a confirmation in words, and a receipt. */
export function Counter({ act, account, onClose }: CounterProps): ReactNode {
  const { text, locale } = useLanguage();
  const queries = useQueryClient();
  const [isChecked, setChecked] = useState(false);
  const digits = fractionDigitsOf(account.balance.posted);
  const { attempt, state, change, submit, giveUp } = useAttempt<CounterForm, Transaction>(
    `${act}:${account.id}`,
    EMPTY,
    ({ key, form }) =>
      session.call<Transaction>({
        method: 'POST',
        path: PATHS[act],
        body: bodyOf(act, account, form, readAmount(form.amount, locale, digits) ?? form.amount),
        key,
      }),
  );
  const amount = readAmount(attempt.form.amount, locale, digits);
  const shown = amount === undefined ? '' : showAmount(amount, account.currency, locale);
  const { title, confirm } = wordsOf(act, text);
  const confirmation = fill(confirm, { amount: shown });

  // Once it was sent, what follows is its receipt, its refusal at the fields, or the question what became of it.
  const pay = (): void => void submit().then(() => setChecked(false));
  const close = (): void => {
    if (state.is === 'filling') giveUp();
    if (state.is === 'done') void queries.invalidateQueries();
    onClose();
  };
  const body = (): ReactNode => {
    switch (state.is) {
      case 'done':
        return (
          <Receipt title={title} act={act} transaction={state.answer} account={account} onClose={close} />
        );
      case 'unknown':
        return <Unanswered sentAt={attempt.sentAt ?? ''} what={confirmation} onAsk={pay} onClose={onClose} />;
      case 'sending':
        return <p aria-busy="true">{text.list.loading}</p>;
      case 'filling':
        return isChecked ? (
          <Confirm
            words={confirmation}
            form={attempt.form}
            onBack={() => setChecked(false)}
            onConfirm={pay}
          />
        ) : (
          <CounterFields
            act={act}
            form={attempt.form}
            currency={account.currency}
            understood={shown}
            error={state.error}
            onChange={change}
            onNext={() => setChecked(true)}
            onClose={close}
          />
        );
    }
  };
  return (
    <Dialog title={title} onClose={close}>
      {body()}
    </Dialog>
  );
}

function wordsOf(act: CounterAct, { counter }: Text): { title: string; confirm: string } {
  return {
    deposit: { title: counter.deposit, confirm: counter.confirmDeposit },
    withdraw: { title: counter.withdrawal, confirm: counter.confirmWithdrawal },
    transfer: { title: counter.transfer, confirm: counter.confirmTransfer },
  }[act];
}

function bodyOf(act: CounterAct, account: Account, form: CounterForm, amount: string): object {
  const { currency } = account;
  const description = form.description.trim();
  const common = { amount, currency, ...(description === '' ? {} : { description }) };
  if (act !== 'transfer') return { accountId: account.id, mode: 'cash', ...common };
  const toName = form.payeeName.trim();
  return {
    fromAccountId: account.id,
    ...payeeOf(form.payee),
    ...common,
    ...(toName === '' ? {} : { toName }),
  };
}

/** An IBAN, or an account of this bank by its id. */
function payeeOf(typed: string): object {
  const bare = typed.replaceAll(/\s/g, '');
  return looksLikeIban(bare.toUpperCase()) ? { toIban: bare.toUpperCase() } : { toAccountId: bare };
}

type FieldsProps = {
  readonly act: CounterAct;
  readonly form: CounterForm;
  readonly currency: string;
  readonly understood: string;
  readonly error: unknown;
  readonly onChange: (fields: Partial<CounterForm>) => void;
  readonly onNext: () => void;
  readonly onClose: () => void;
};

function CounterFields({
  act,
  form,
  currency,
  understood,
  error,
  onChange,
  onNext,
  onClose,
}: FieldsProps): ReactNode {
  const { text } = useLanguage();
  const [isTried, setTried] = useState(false);
  const isWrong = form.amount !== '' && understood === '';
  const next = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (understood !== '') onNext();
  };
  const typed = (name: keyof CounterForm) => (event: { target: { value: string } }) =>
    onChange({ [name]: event.target.value });
  return (
    <form onSubmit={next} noValidate={false}>
      {act === 'transfer' && (
        <>
          <Field label={text.counter.payee} value={form.payee} onChange={typed('payee')} autoFocus required />
          <Field label={text.counter.payeeName} value={form.payeeName} onChange={typed('payeeName')} />
        </>
      )}
      <Field
        label={`${text.counter.amount} (${currency})`}
        inputMode="decimal"
        autoComplete="off"
        value={form.amount}
        onChange={typed('amount')}
        hint={understood === '' ? undefined : fill(text.counter.understood, { amount: understood })}
        error={isWrong && isTried ? fill(text.counter.notAnAmount, { currency }) : undefined}
        autoFocus={act !== 'transfer'}
        required
      />
      <Field label={text.counter.text} value={form.description} onChange={typed('description')} />
      {error !== undefined && <Failure error={error} />}
      <p className="row">
        <button type="submit" className="primary">
          {text.counter.check}
        </button>
        <button type="button" onClick={onClose}>
          {text.counter.cancel}
        </button>
      </p>
    </form>
  );
}

type ConfirmProps = {
  readonly words: string;
  readonly form: CounterForm;
  readonly onBack: () => void;
  readonly onConfirm: () => void;
};

function Confirm({ words, form, onBack, onConfirm }: ConfirmProps): ReactNode {
  const { text } = useLanguage();
  return (
    <>
      <Facts
        facts={[
          [text.counter.payee, form.payee],
          [text.counter.payeeName, form.payeeName],
          [text.counter.text, form.description],
        ]}
      />
      <p className="row">
        <button type="button" className="primary" autoFocus onClick={onConfirm}>
          {words}
        </button>
        <button type="button" onClick={onBack}>
          {text.counter.back}
        </button>
      </p>
    </>
  );
}

type UnansweredProps = {
  readonly sentAt: string;
  readonly what: string;
  readonly onAsk: () => void;
  readonly onClose: () => void;
};

function Unanswered({ sentAt, what, onAsk, onClose }: UnansweredProps): ReactNode {
  const { text, locale } = useLanguage();
  return (
    <>
      <p className="notice stale" role="alert">
        {what}: {fill(text.counter.sentAt, { time: clockTime(sentAt, locale) })}
      </p>
      <p>{text.counter.askAgainWhy}</p>
      <p className="row">
        <button type="button" className="primary" autoFocus onClick={onAsk}>
          {text.counter.askAgain}
        </button>
        <button type="button" onClick={onClose}>
          {text.counter.later}
        </button>
      </p>
    </>
  );
}
