import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Account } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { Code, DateText, inGroups, Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { DownloadButton } from '../ui/download-button.tsx';
import { Failure } from '../ui/fail.tsx';
import { Field } from '../ui/field.tsx';
import { List } from '../ui/list.tsx';
import { useProductName } from './accounts.tsx';
import { MyLine } from './line.tsx';
import { useMyText } from './text.ts';

const route = getRouteApi('/my/accounts/$id');

/** One account of a customer: its balance, its lines and its statements. */
export function MyAccount(): ReactNode {
  const text = useText();
  const { id } = route.useParams();
  const { data: account, error, refetch } = useAnswer('accounts.get', id);
  if (error !== null && account === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (account === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  return (
    <>
      <Head account={account} />
      <Lines account={account} />
      <Statements account={account} />
    </>
  );
}

function Head({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const mine = useMyText();
  const { id, iban, number, balance, currency, status, customerReason } = account;
  return (
    <>
      <h1>{useProductName(account)}</h1>
      <p>
        <Code value={iban ?? number} label={iban === null ? number : inGroups(iban)} />
      </p>
      <p className="big">
        <Money amount={balance.posted} currency={currency} />
      </p>
      <p className="faint">
        <Money amount={balance.available} currency={currency} /> {mine.available}
      </p>
      {status === 'active' ? (
        <p>
          <Link to="/my" search={{ act: 'transfer', from: id }} className="primary">
            {mine.transfer}
          </Link>
        </p>
      ) : (
        <p className="notice">{customerReason ?? text.account[status]}</p>
      )}
    </>
  );
}

function Lines({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const mine = useMyText();
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const lines = useList('accounts.transactions', account.id, { from, to });
  const change = (name: 'from' | 'to') => (event: { target: { value: string } }) =>
    void navigate({ search: (old) => ({ ...old, [name]: event.target.value || undefined }), replace: true });
  const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return (
    <section>
      <h2>{mine.lines}</h2>
      <div className="row">
        <Field label={text.account.from} type="date" value={from ?? ''} onChange={change('from')} />
        <Field label={text.account.to} type="date" value={to ?? ''} onChange={change('to')} />
        <div className="field">
          <DownloadButton
            label={mine.pdfOfLines}
            file={`${account.number}.pdf`}
            read={() => bank.accounts.statement(account.id, { ...span, format: 'pdf' })}
          />
        </div>
      </div>
      <List
        caption={mine.lines}
        pages={lines}
        keyOf={({ id }) => id}
        empty={text.account.noLines}
        right="transactions:read"
        columns={[
          { head: text.account.date, cell: ({ businessDate }) => <DateText date={businessDate} /> },
          { head: text.account.what, cell: (line) => <MyLine line={line} /> },
          {
            head: text.account.amount,
            isNumber: true,
            cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
          },
        ]}
      />
    </section>
  );
}

function Statements({ account }: { readonly account: Account }): ReactNode {
  const mine = useMyText();
  const statements = useList('statements.list', account.id);
  return (
    <section>
      <h2>{mine.statements}</h2>
      <List
        caption={mine.statements}
        pages={statements}
        keyOf={({ id }) => id}
        empty={mine.noStatements}
        right="transactions:read"
        columns={[
          { head: mine.statement, cell: ({ number }) => number },
          {
            head: mine.span,
            cell: ({ from, to }) => (
              <span>
                <DateText date={from} /> – <DateText date={to} />
              </span>
            ),
          },
          {
            head: mine.closing,
            isNumber: true,
            cell: ({ closingBalance, currency }) => <Money amount={closingBalance} currency={currency} />,
          },
          {
            head: mine.pdf,
            cell: ({ number }) => (
              <DownloadButton
                label={mine.pdf}
                name={`${mine.pdf} ${number}`}
                file={`${account.number}-${number}.pdf`}
                read={() => bank.statements.get(account.id, String(number), { format: 'pdf' })}
              />
            ),
          },
        ]}
      />
    </section>
  );
}
