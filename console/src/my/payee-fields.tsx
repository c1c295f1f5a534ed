import type { ReactNode } from 'react';
import type { Account, Beneficiary } from '#sdk/index.ts';
import { useList, useSession } from '../api/use-bank.ts';
import { showAmount } from '../show/amounts.ts';
import { inGroups } from '../show/show.tsx';
import { useLanguage } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import type { Fact } from '../ui/list.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { useMyText } from './text.ts';

/** From where to whom, as chosen: ids, or `new` and what was typed. */
export type Way = {
  readonly from: string;
  /** An account of one's own, a beneficiary, or `new`. */
  readonly to: string;
  readonly iban: string;
  readonly name: string;
};

export const NO_WAY: Way = { from: '', to: '', iban: '', name: '' };

export function isComplete({ from, to, iban, name }: Way): boolean {
  if (from === '' || to === '' || from === to) return false;
  return to !== 'new' || (iban.trim() !== '' && name.trim() !== '');
}

/** The payee as the API takes it. */
export function payeeOf({ to, iban, name }: Way) {
  if (to.startsWith('acc_')) return { toAccountId: to };
  if (to.startsWith('ben_')) return { beneficiaryId: to };
  return { toIban: iban.replaceAll(/\s/g, '').toUpperCase(), toName: name.trim() };
}

export function nameOfAccount({ iban, number }: Account): string {
  return iban === null ? number : inGroups(iban);
}

/** Both ends of its number: a telephone has no room for the middle. */
function shortOf({ iban, number }: Account): string {
  const whole = iban ?? number;
  return whole.length <= 12 ? whole : `${whole.slice(0, 4)} … ${whole.slice(-6)}`;
}

const nameOfPayee = ({ nickname, name }: Beneficiary): string => nickname ?? name;

/** The payees that the customer of this session has kept. */
export function usePayees(): readonly Beneficiary[] {
  const state = useSession();
  const customerId = state.is === 'in' || state.is === 'over' ? state.user.customerId : null;
  const { data } = useList('beneficiaries.list', customerId ?? '');
  return data?.pages.flatMap((page) => page.data) ?? [];
}

type WayFieldsProps = {
  readonly way: Way;
  readonly accounts: readonly Account[];
  readonly onChange: (way: Partial<Way>) => void;
};

export function WayFields({ way, accounts, onChange }: WayFieldsProps): ReactNode {
  const mine = useMyText();
  const { locale } = useLanguage();
  const payees = usePayees();
  const paying = accounts.filter(({ status }) => status === 'active');
  const currency = accounts.find(({ id }) => id === way.from)?.currency;
  const own = accounts.filter((one) => one.id !== way.from && (currency ?? one.currency) === one.currency);
  return (
    <>
      <SelectField
        label={mine.from}
        value={way.from}
        onChange={({ target }) => onChange({ from: target.value })}
        autoFocus={way.from === ''}
        required
      >
        <option value="">{mine.chooseAccount}</option>
        {paying.map((account) => (
          <option key={account.id} value={account.id}>
            {`${shortOf(account)} · ${showAmount(account.balance.available, account.currency, locale)}`}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={mine.to}
        value={way.to}
        onChange={({ target }) => onChange({ to: target.value })}
        autoFocus={way.from !== ''}
        required
      >
        <option value="">{mine.choosePayee}</option>
        <optgroup label={mine.own} hidden={own.length === 0}>
          {own.map((account) => (
            <option key={account.id} value={account.id}>
              {shortOf(account)}
            </option>
          ))}
        </optgroup>
        <optgroup label={mine.kept} hidden={payees.length === 0}>
          {payees.map((payee) => (
            <option key={payee.id} value={payee.id} disabled={payee.status !== 'active'}>
              {nameOfPayee(payee)}
            </option>
          ))}
        </optgroup>
        <option value="new">{mine.somebodyElse}</option>
      </SelectField>
      {way.to === 'new' && (
        <>
          <Field
            label={mine.iban}
            autoComplete="off"
            value={way.iban}
            onChange={({ target }) => onChange({ iban: target.value })}
            required
          />
          <Field
            label={mine.name}
            autoComplete="off"
            value={way.name}
            onChange={({ target }) => onChange({ name: target.value })}
            required
          />
        </>
      )}
    </>
  );
}

/** The same in words, to be read before it is sent. */
export function useWayFacts(accounts: readonly Account[]): (way: Way) => readonly Fact[] {
  const mine = useMyText();
  const payees = usePayees();
  return ({ from, to, iban, name }) => {
    const own = accounts.find(({ id }) => id === to);
    const payee = payees.find(({ id }) => id === to);
    const payer = accounts.find(({ id }) => id === from);
    return [
      [mine.from, payer && nameOfAccount(payer)],
      [mine.to, (own && nameOfAccount(own)) ?? (payee && nameOfPayee(payee)) ?? name],
      [mine.iban, to === 'new' ? iban : payee?.iban && inGroups(payee.iban)],
    ];
  };
}
