import type { ReactNode } from 'react';
import type {
  Account,
  CallOptions,
  Decimal,
  DryRunOptions,
  Transaction,
  TransactionDryRun,
} from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { Act } from '../app/act.tsx';
import { fractionDigitsOf, readAmount, showAmount } from '../show/amounts.ts';
import { given } from '../show/given.ts';
import { looksLikeIban } from '../show/iban.ts';
import type { Text } from '../text/en.ts';
import { fill, useLanguage } from '../text/language.tsx';
import { AmountField } from '../ui/amount-field.tsx';
import { Field } from '../ui/field.tsx';
import type { CounterAct } from './counter-acts.ts';
import { Receipt } from './receipt.tsx';

/** As typed: nothing is rounded or completed in the field. */
type CounterForm = {
  readonly amount: string;
  readonly description: string;
  readonly payee: string;
  readonly payeeName: string;
};

const EMPTY: CounterForm = { amount: '', description: '', payee: '', payeeName: '' };

type CounterProps = { readonly act: CounterAct; readonly account: Account; readonly onClose: () => void };

/** Money in, out and on, with a receipt. */
export function Counter({ act, account, onClose }: CounterProps): ReactNode {
  const { text, locale } = useLanguage();
  const digits = fractionDigitsOf(account.balance.posted);
  const { title, confirm } = wordsOf(act, text);
  const amountOf = (form: CounterForm): Decimal => {
    const amount = readAmount(form.amount, locale, digits);
    if (amount === undefined) throw new TypeError('the form has no amount');
    return amount;
  };
  return (
    <Act<CounterForm, Transaction>
      name={`${act}:${account.id}`}
      title={title}
      empty={EMPTY}
      fields={(form, change, isTried) => <CounterFields {...{ act, account, form, change, isTried }} />}
      confirm={({ amount }) => {
        const read = readAmount(amount, locale, digits);
        return read === undefined
          ? undefined
          : fill(confirm, { amount: showAmount(read, account.currency, locale) });
      }}
      facts={({ payee, payeeName, description }) => [
        [text.counter.payee, payee],
        [text.counter.payeeName, payeeName],
        [text.counter.text, description],
      ]}
      send={({ key, form }) => send(act, account, form, amountOf(form), { idempotencyKey: key })}
      tryOut={(form) => send(act, account, form, amountOf(form), { dryRun: true })}
      done={(transaction, close) => <Receipt {...{ title, act, transaction, account }} onClose={close} />}
      onClose={onClose}
    />
  );
}

function wordsOf(act: CounterAct, { counter }: Text): { title: string; confirm: string } {
  return {
    deposit: { title: counter.deposit, confirm: counter.confirmDeposit },
    withdraw: { title: counter.withdrawal, confirm: counter.confirmWithdrawal },
    transfer: { title: counter.transfer, confirm: counter.confirmTransfer },
  }[act];
}

function send(
  act: CounterAct,
  account: Account,
  form: CounterForm,
  amount: Decimal,
  options: DryRunOptions,
): Promise<TransactionDryRun>;
function send(
  act: CounterAct,
  account: Account,
  form: CounterForm,
  amount: Decimal,
  options: CallOptions,
): Promise<Transaction>;
function send(
  act: CounterAct,
  account: Account,
  form: CounterForm,
  amount: Decimal,
  options: CallOptions,
): Promise<Transaction | TransactionDryRun> {
  const { id, currency } = account;
  const common = { amount, currency, ...given({ description: form.description }) };
  if (act === 'transfer') {
    const payee = { ...payeeOf(form.payee), ...given({ toName: form.payeeName }) };
    return bank.transfers.create({ fromAccountId: id, ...payee, ...common }, options);
  }
  const cash = { accountId: id, mode: 'cash', ...common } as const;
  return act === 'deposit' ? bank.deposits.create(cash, options) : bank.withdrawals.create(cash, options);
}

/** An IBAN, or an account of this bank by its id. */
export function payeeOf(typed: string): { toIban: string } | { toAccountId: string } {
  const bare = typed.replaceAll(/\s/g, '');
  return looksLikeIban(bare.toUpperCase()) ? { toIban: bare.toUpperCase() } : { toAccountId: bare };
}

type FieldsProps = {
  readonly act: CounterAct;
  readonly account: Account;
  readonly form: CounterForm;
  readonly change: (fields: Partial<CounterForm>) => void;
  readonly isTried: boolean;
};

function CounterFields({ act, account, form, change, isTried }: FieldsProps): ReactNode {
  const { text } = useLanguage();
  const typed = (name: keyof CounterForm) => (event: { target: { value: string } }) =>
    change({ [name]: event.target.value });
  return (
    <>
      {act === 'transfer' && (
        <>
          <Field label={text.counter.payee} value={form.payee} onChange={typed('payee')} autoFocus required />
          <Field label={text.counter.payeeName} value={form.payeeName} onChange={typed('payeeName')} />
        </>
      )}
      <AmountField
        typed={form.amount}
        currency={account.currency}
        digits={fractionDigitsOf(account.balance.posted)}
        isTried={isTried}
        autoFocus={act !== 'transfer'}
        onType={(amount) => change({ amount })}
      />
      <Field label={text.counter.text} value={form.description} onChange={typed('description')} />
    </>
  );
}
