import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Account, CreateCustomerRequest, Customer } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer } from '../api/use-bank.ts';
import { Act } from '../app/act.tsx';
import { given } from '../show/given.ts';
import { fill, useText } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';

type Person = {
  readonly givenName: string;
  readonly familyName: string;
  readonly dateOfBirth: string;
  readonly email: string;
  readonly phone: string;
  readonly line1: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
};

const NOBODY: Person = {
  givenName: '',
  familyName: '',
  dateOfBirth: '',
  email: '',
  phone: '',
  line1: '',
  postalCode: '',
  city: '',
  country: '',
};
const NEEDED = ['familyName', 'dateOfBirth', 'email', 'phone', 'line1', 'city', 'country'] as const;

/** Takes on a person; the next step is their account. What was typed is kept, so that a closed form resumes. */
export function NewCustomer({ onClose }: { readonly onClose: () => void }): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const fields: readonly (readonly [keyof Person, string, string?])[] = [
    ['givenName', text.opening.givenName],
    ['familyName', text.opening.familyName],
    ['dateOfBirth', text.customer.dateOfBirth, 'date'],
    ['email', text.customer.email, 'email'],
    ['phone', text.customer.phone, 'tel'],
    ['line1', text.opening.line1],
    ['postalCode', text.opening.postalCode],
    ['city', text.opening.city],
    ['country', text.opening.country],
  ];
  return (
    <Act<Person, Customer>
      name="new-customer"
      title={text.opening.customer}
      empty={NOBODY}
      fields={(form, change) =>
        fields.map(([name, label, type], index) => (
          <Field
            key={name}
            label={label}
            type={type ?? 'text'}
            value={form[name]}
            onChange={(event) => change({ [name]: event.target.value })}
            required={NEEDED.some((one) => one === name)}
            autoFocus={index === 0}
          />
        ))
      }
      confirm={(form) =>
        NEEDED.every((name) => form[name].trim() !== '')
          ? fill(text.opening.confirmCustomer, { name: `${form.givenName} ${form.familyName}`.trim() })
          : undefined
      }
      facts={(form) => fields.map(([name, label]) => [label, form[name]])}
      send={({ key, form }) => bank.customers.create(personOf(form), { idempotencyKey: key })}
      done={(customer, close) => (
        <>
          <p role="status">{text.act.isDone}</p>
          <p className="row">
            <button
              type="button"
              className="primary"
              autoFocus
              onClick={() => {
                close();
                void navigate({
                  to: '/customers/$id',
                  params: { id: customer.id },
                  search: { act: 'open-account' },
                });
              }}
            >
              {text.opening.account}
            </button>
            <button type="button" onClick={close}>
              {text.act.done}
            </button>
          </p>
        </>
      )}
      onClose={onClose}
    />
  );
}

/** What is empty is left out: the bank says what it needs. */
function personOf({ line1, postalCode, city, country, ...person }: Person): CreateCustomerRequest {
  const address = given({ line1, postalCode, city, country: country.toUpperCase() });
  return { type: 'person', ...given(person), address } as CreateCustomerRequest;
}

type OpenForm = { readonly product: string };

/** Opens an account of a product in a currency. */
export function OpenAccount({
  customer,
  onClose,
}: {
  readonly customer: Customer;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const { data } = useAnswer('products.list');
  const offered = (data?.data ?? []).filter(({ status }) => status === 'active');
  return (
    <Act<OpenForm, Account>
      name={`open-account:${customer.id}`}
      title={text.opening.account}
      empty={{ product: '' }}
      fields={({ product }, change) => (
        <fieldset>
          <legend>{text.account.product}</legend>
          {offered.map(({ code, currency, name }) => (
            <label key={`${code} ${currency}`} className="choice">
              <input
                type="radio"
                name="product"
                checked={product === `${code} ${currency}`}
                onChange={() => change({ product: `${code} ${currency}` })}
                required
              />
              {name} · {currency}
            </label>
          ))}
        </fieldset>
      )}
      confirm={({ product }) => (product === '' ? undefined : fill(text.opening.confirmAccount, { product }))}
      facts={({ product }) => [[text.account.product, product]]}
      send={({ key, form }) => {
        const [product = '', currency = ''] = form.product.split(' ');
        const body = { customerId: customer.id, product, currency };
        return bank.accounts.create(body, { idempotencyKey: key });
      }}
      done={(account, close) => (
        <>
          <p role="status">{text.act.isDone}</p>
          <button
            type="button"
            className="primary"
            autoFocus
            onClick={() => {
              close();
              void navigate({ to: '/accounts/$id', params: { id: account.id } });
            }}
          >
            {text.opening.toAccount}
          </button>
        </>
      )}
      onClose={onClose}
    />
  );
}
