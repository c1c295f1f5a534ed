import type { ReactNode } from 'react';
import type { Account, Frequency, StandingOrder } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { Act } from '../app/act.tsx';
import { fractionDigitsOf, readAmount, showAmount } from '../show/amounts.ts';
import { given } from '../show/given.ts';
import { DateText } from '../show/show.tsx';
import { fill, useLanguage } from '../text/language.tsx';
import { AmountField } from '../ui/amount-field.tsx';
import { Field } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { isComplete, NO_WAY, payeeOf, useWayFacts, type Way, WayFields } from './payee-fields.tsx';
import { useMyText } from './text.ts';

type OrderForm = Way & {
  readonly amount: string;
  readonly frequency: Frequency;
  readonly startDate: string;
  readonly endDate: string;
  readonly description: string;
};

const EMPTY: OrderForm = {
  ...NO_WAY,
  amount: '',
  frequency: 'monthly',
  startDate: '',
  endDate: '',
  description: '',
};

type NewOrderProps = { readonly onClose: () => void };

export function NewOrder({ onClose }: NewOrderProps): ReactNode {
  const { text, locale } = useLanguage();
  const mine = useMyText();
  const { data } = useList('accounts.list');
  const accounts = (data?.pages ?? [])
    .flatMap((page) => page.data)
    .filter(({ status }) => status === 'active');
  const wayFacts = useWayFacts(accounts);
  const payerOf = (form: Way): Account | undefined => accounts.find(({ id }) => id === form.from);
  const amountOf = (form: OrderForm) => {
    const payer = payerOf(form);
    return payer && readAmount(form.amount, locale, fractionDigitsOf(payer.balance.posted));
  };
  return (
    <Act<OrderForm, StandingOrder>
      name="my-order"
      title={mine.addOrder}
      empty={EMPTY}
      fields={(form, change, isTried) => (
        <OrderFields {...{ form, change, isTried, accounts, payer: payerOf(form) }} />
      )}
      confirm={(form) => {
        const [amount, payer] = [amountOf(form), payerOf(form)];
        if (amount === undefined || payer === undefined || !isComplete(form) || form.startDate === '')
          return undefined;
        const shown = showAmount(amount, payer.currency, locale);
        return fill(mine.confirmOrder, { amount: shown, often: mine.frequencies[form.frequency] });
      }}
      facts={(form) => [
        ...wayFacts(form),
        [mine.first, form.startDate && <DateText key="first" date={form.startDate} />],
        [mine.last, form.endDate && <DateText key="last" date={form.endDate} />],
        [text.counter.text, form.description],
      ]}
      send={({ key, form }) => {
        const [amount, payer] = [amountOf(form), payerOf(form)];
        if (amount === undefined || payer === undefined) throw new TypeError('the form has no amount');
        const { frequency, startDate, endDate, description } = form;
        const body = { fromAccountId: payer.id, ...payeeOf(form), amount, currency: payer.currency };
        const times = { frequency, startDate, ...given({ endDate, description }) };
        return bank.standingOrders.create({ ...body, ...times }, { idempotencyKey: key });
      }}
      onClose={onClose}
    />
  );
}

type OrderFieldsProps = {
  readonly form: OrderForm;
  readonly change: (fields: Partial<OrderForm>) => void;
  readonly isTried: boolean;
  readonly accounts: readonly Account[];
  readonly payer: Account | undefined;
};

function OrderFields({ form, change, isTried, accounts, payer }: OrderFieldsProps): ReactNode {
  const { text } = useLanguage();
  const mine = useMyText();
  const { data: today } = useAnswer('businessDate.get');
  const digits = fractionDigitsOf(payer?.balance.posted ?? '0.00');
  return (
    <>
      <WayFields way={form} accounts={accounts} onChange={change} />
      <AmountField
        typed={form.amount}
        currency={payer?.currency ?? ''}
        digits={digits}
        isTried={isTried}
        onType={(amount) => change({ amount })}
      />
      <SelectField
        label={mine.frequency}
        value={form.frequency}
        onChange={({ target }) => change({ frequency: target.value as Frequency })}
      >
        {Object.entries(mine.frequencies).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </SelectField>
      <Field
        label={mine.first}
        type="date"
        min={today?.businessDate}
        value={form.startDate}
        onChange={({ target }) => change({ startDate: target.value })}
        required
      />
      <Field
        label={mine.last}
        type="date"
        min={form.startDate || undefined}
        value={form.endDate}
        onChange={({ target }) => change({ endDate: target.value })}
      />
      <Field
        label={text.counter.text}
        value={form.description}
        onChange={({ target }) => change({ description: target.value })}
      />
    </>
  );
}
