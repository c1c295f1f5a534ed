import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Account, Customer } from '#sdk/index.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { ActButton } from '../app/rights.tsx';
import { nameOf } from '../show/customers.ts';
import { Code, DateText, inGroups, Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { Facts, List } from '../ui/list.tsx';
import { OpenAccount } from './opening.tsx';

const route = getRouteApi('/customers/$id');

export function CustomerScreen(): ReactNode {
  const text = useText();
  const { id } = route.useParams();
  const { act } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: customer, error, refetch } = useAnswer('customers.get', id);
  const accounts = useList('accounts.list', { customerId: id });
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  if (customer === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  return (
    <>
      <h1>{nameOf(customer)}</h1>
      <p className="row">
        <ActButton
          operation="openAccount"
          label={text.opening.account}
          obstacle={customer.status === 'active' ? undefined : text.customers[customer.status]}
          onClick={() => void navigate({ search: { act: 'open-account' }, replace: true })}
        />
      </p>
      {act !== undefined && (
        <OpenAccount customer={customer} onClose={() => void navigate({ search: {}, replace: true })} />
      )}
      <div className="columns">
        <section>
          <h2>{text.customer.facts}</h2>
          <CustomerFacts customer={customer} />
        </section>
        <section>
          <h2>{text.customer.accounts}</h2>
          <List
            caption={text.customer.accounts}
            pages={accounts}
            keyOf={(account) => account.id}
            empty={text.customer.noAccounts}
            right="accounts:read"
            columns={[
              { head: text.account.iban, cell: (account) => <AccountLink account={account} /> },
              { head: text.account.product, cell: ({ product }) => product },
              { head: text.customers.status, cell: ({ status }) => text.account[status] },
              {
                head: text.account.balance,
                isNumber: true,
                cell: ({ balance, currency }) => <Money amount={balance.posted} currency={currency} />,
              },
            ]}
          />
        </section>
      </div>
    </>
  );
}

function AccountLink({ account }: { readonly account: Account }): ReactNode {
  return (
    <Link to="/accounts/$id" params={{ id: account.id }}>
      {account.iban === null ? account.number : inGroups(account.iban)}
    </Link>
  );
}

function CustomerFacts({ customer }: { readonly customer: Customer }): ReactNode {
  const text = useText();
  const { address } = customer;
  return (
    <Facts
      facts={[
        [text.customers.type, text.customers[customer.type]],
        [text.customers.status, text.customers[customer.status]],
        [text.customer.dateOfBirth, customer.dateOfBirth && <DateText date={customer.dateOfBirth} />],
        [text.customer.registration, customer.registrationNumber],
        [text.customer.email, customer.email],
        [text.customer.phone, customer.phone],
        [
          text.customer.address,
          address &&
            [address.line1, address.line2, address.postalCode, address.city, address.country]
              .filter((part) => part !== undefined)
              .join(', '),
        ],
        [text.customer.id, <Code key="id" value={customer.id} />],
      ]}
    />
  );
}
