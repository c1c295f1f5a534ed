import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Beneficiary } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer, useList, useSession } from '../api/use-bank.ts';
import { Act } from '../app/act.tsx';
import { given } from '../show/given.ts';
import { InstantText, inGroups } from '../show/show.tsx';
import { fill } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import { List } from '../ui/list.tsx';
import { useMyText } from './text.ts';

/** Whom a customer pays again and again. */
export function MyPayees(): ReactNode {
  const mine = useMyText();
  const state = useSession();
  const customerId = (state.is === 'in' || state.is === 'over' ? state.user.customerId : null) ?? '';
  const payees = useList('beneficiaries.list', customerId);
  const [doing, setDoing] = useState<'add' | Beneficiary>();
  const close = (): void => setDoing(undefined);
  return (
    <>
      <h1>{mine.payees}</h1>
      <p>
        <button type="button" className="primary" onClick={() => setDoing('add')}>
          {mine.addPayee}
        </button>
      </p>
      <List
        caption={mine.payees}
        pages={payees}
        keyOf={({ id }) => id}
        empty={mine.noPayees}
        right="beneficiaries:read"
        columns={[
          {
            head: mine.name,
            cell: ({ nickname, name }) => (nickname === null ? name : `${nickname} (${name})`),
          },
          { head: mine.iban, cell: ({ iban, accountId }) => (iban === null ? accountId : inGroups(iban)) },
          {
            head: mine.acts,
            cell: (payee) => (
              <span className="row">
                <Usable payee={payee} />
                <button
                  type="button"
                  className="quiet"
                  aria-label={fill(mine.confirmRemove, { name: payee.name })}
                  onClick={() => setDoing(payee)}
                >
                  {mine.removePayee}
                </button>
              </span>
            ),
          },
        ]}
      />
      {doing === 'add' && <AddPayee customerId={customerId} onClose={close} />}
      {doing !== undefined && doing !== 'add' && (
        <RemovePayee key={doing.id} customerId={customerId} payee={doing} onClose={close} />
      )}
    </>
  );
}

/** A new payee cools off first. */
function Usable({ payee }: { readonly payee: Beneficiary }): ReactNode {
  const mine = useMyText();
  const { data: facts } = useAnswer('bank.get');
  if (payee.status === 'active')
    return (
      <Link to="/my" search={{ act: 'transfer', to: payee.id }} aria-label={`${mine.pay}: ${payee.name}`}>
        {mine.pay}
      </Link>
    );
  const [before = '', after = ''] = mine.usableFrom.split('{time}');
  return (
    <span className="faint">
      {before}
      <InstantText instant={payee.usableFrom} timeZone={facts?.timeZone ?? 'UTC'} />
      {after}
    </span>
  );
}

type PayeeForm = { readonly name: string; readonly iban: string; readonly nickname: string };
type AddPayeeProps = { readonly customerId: string; readonly onClose: () => void };

function AddPayee({ customerId, onClose }: AddPayeeProps): ReactNode {
  const mine = useMyText();
  const fields = [
    ['name', mine.name],
    ['iban', mine.iban],
    ['nickname', mine.nickname],
  ] as const;
  return (
    <Act<PayeeForm, Beneficiary>
      name="my-payee"
      title={mine.addPayee}
      empty={{ name: '', iban: '', nickname: '' }}
      fields={(form, change) =>
        fields.map(([name, label], index) => (
          <Field
            key={name}
            label={label}
            autoComplete="off"
            value={form[name]}
            onChange={({ target }) => change({ [name]: target.value })}
            required={name !== 'nickname'}
            autoFocus={index === 0}
          />
        ))
      }
      confirm={({ name, iban }) =>
        name.trim() === '' || iban.trim() === '' ? undefined : fill(mine.confirmPayee, { name: name.trim() })
      }
      facts={(form) => fields.map(([name, label]) => [label, form[name]])}
      send={({ key, form }) => {
        const iban = form.iban.replaceAll(/\s/g, '').toUpperCase();
        const body = { name: form.name.trim(), iban, ...given({ nickname: form.nickname }) };
        return bank.beneficiaries.create(customerId, body, { idempotencyKey: key });
      }}
      onClose={onClose}
    />
  );
}

type RemovePayeeProps = AddPayeeProps & { readonly payee: Beneficiary };

function RemovePayee({ customerId, payee, onClose }: RemovePayeeProps): ReactNode {
  const mine = useMyText();
  return (
    <Act<object, void>
      name={`my-payee-removed:${payee.id}`}
      title={mine.removePayee}
      empty={{}}
      fields={() => <p>{payee.name}</p>}
      confirm={() => fill(mine.confirmRemove, { name: payee.name })}
      facts={() => [[mine.iban, payee.iban && inGroups(payee.iban)]]}
      send={() => bank.beneficiaries.delete(customerId, payee.id)}
      onClose={onClose}
    />
  );
}
