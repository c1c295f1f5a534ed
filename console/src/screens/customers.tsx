import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useList } from '../api/use-bank.ts';
import { ActButton } from '../app/rights.tsx';
import { nameOf } from '../show/customers.ts';
import { DateText } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import { List } from '../ui/list.tsx';
import { NewCustomer } from './opening.tsx';

const route = getRouteApi('/customers');

/** The filter is in the address: Back brings it again, and the address can be sent to a colleague. */
export function Customers(): ReactNode {
  const text = useText();
  const { q = '', createdFrom, createdTo, act } = route.useSearch();
  const navigate = route.useNavigate();
  const customers = useList('customers.list', { q: q || undefined, createdFrom, createdTo });
  const narrow = (name: 'q' | 'createdFrom' | 'createdTo') => (event: { target: { value: string } }) =>
    void navigate({ search: (old) => ({ ...old, [name]: event.target.value || undefined }), replace: true });
  return (
    <>
      <h1>{text.customers.title}</h1>
      <p className="row">
        <ActButton
          operation="createCustomer"
          label={text.opening.customer}
          onClick={() => void navigate({ search: (old) => ({ ...old, act: 'new-customer' }), replace: true })}
        />
      </p>
      {act !== undefined && (
        <NewCustomer
          onClose={() => void navigate({ search: (old) => ({ ...old, act: undefined }), replace: true })}
        />
      )}
      <div className="row">
        <Field label={text.customers.filter} type="search" defaultValue={q} onChange={narrow('q')} />
        <Field
          label={text.customers.createdFrom}
          type="date"
          value={createdFrom ?? ''}
          onChange={narrow('createdFrom')}
        />
        <Field
          label={text.customers.createdTo}
          type="date"
          value={createdTo ?? ''}
          onChange={narrow('createdTo')}
        />
      </div>
      <List
        caption={text.customers.title}
        pages={customers}
        keyOf={({ id }) => id}
        empty={text.customers.empty}
        right="customers:read"
        columns={[
          {
            head: text.customers.name,
            cell: (customer) => (
              <Link to="/customers/$id" params={{ id: customer.id }}>
                {nameOf(customer)}
              </Link>
            ),
          },
          { head: text.customers.type, cell: ({ type }) => text.customers[type] },
          { head: text.customers.status, cell: ({ status }) => text.customers[status] },
          { head: text.customers.since, cell: ({ createdAt }) => <DateText date={createdAt.slice(0, 10)} /> },
        ]}
      />
    </>
  );
}
