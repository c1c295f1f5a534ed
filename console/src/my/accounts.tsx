import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Account } from '#sdk/index.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { inGroups, Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { useMyText } from './text.ts';
import { MyTransfer } from './transfer.tsx';

const route = getRouteApi('/my');

/** The accounts of a customer, and a transfer over them. */
export function MyAccounts(): ReactNode {
  const text = useText();
  const mine = useMyText();
  const { act, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useList('accounts.list');
  if (error !== null && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  const accounts = data.pages.flatMap((page) => page.data).filter(({ status }) => status !== 'closed');
  return (
    <>
      <h1>{mine.accounts}</h1>
      {accounts.length === 0 ? (
        <p className="empty">{mine.noAccounts}</p>
      ) : (
        <p>
          <Link to="/my" search={{ act: 'transfer' }} className="primary">
            {mine.transfer}
          </Link>
        </p>
      )}
      <ul className="cards">
        {accounts.map((account) => (
          <li key={account.id}>
            <Card account={account} />
          </li>
        ))}
      </ul>
      {act !== undefined && (
        <MyTransfer
          key={`${from} ${to}`}
          accounts={accounts}
          from={from}
          to={to}
          onClose={() => void navigate({ search: {}, replace: true })}
        />
      )}
    </>
  );
}

function Card({ account }: { readonly account: Account }): ReactNode {
  const mine = useMyText();
  const { id, iban, number, balance, currency } = account;
  return (
    <Link to="/my/accounts/$id" params={{ id }} className="card">
      <strong>{useProductName(account)}</strong>
      <span className="faint">{iban === null ? number : inGroups(iban)}</span>
      <span className="big">
        <Money amount={balance.posted} currency={currency} />
      </span>
      <span className="faint">
        <Money amount={balance.available} currency={currency} /> {mine.available}
      </span>
    </Link>
  );
}

/** What the bank calls an account of this product. */
export function useProductName({ product, currency }: Account): string {
  const { data } = useAnswer('products.list');
  return data?.data.find((one) => one.code === product && one.currency === currency)?.name ?? product;
}
