import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Account, AccountLine } from '#sdk/index.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { useAsOf } from '../app/as-of.tsx';
import { ActButton } from '../app/rights.tsx';
import { showAmount } from '../show/amounts.ts';
import { nameOf } from '../show/customers.ts';
import { Code, DateText, inGroups, Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { Steps } from '../ui/charts.tsx';
import { Failure } from '../ui/fail.tsx';
import { Field } from '../ui/field.tsx';
import { Facts, List } from '../ui/list.tsx';
import { BalanceExplained } from './balance.tsx';
import { Counter } from './counter.tsx';
import { COUNTER_ACTS, type CounterAct } from './counter-acts.ts';

const route = getRouteApi('/accounts/$id');

export function AccountScreen(): ReactNode {
  const text = useText();
  const { id } = route.useParams();
  const { data: account, error, refetch } = useAnswer('accounts.get', id);
  const { act, asOf } = route.useSearch();
  const isPast = asOf !== undefined;
  const navigate = route.useNavigate();
  // In the address: a reload opens the form again, with what was typed.
  const setAct = (chosen: CounterAct | undefined): void =>
    void navigate({ search: (old) => ({ ...old, act: chosen }), replace: true });
  if (error !== null && account === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (account === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  return (
    <>
      <h1>{account.iban === null ? account.number : inGroups(account.iban)}</h1>
      <p className="row">
        {COUNTER_ACTS.map((one) => (
          <ActButton
            key={one}
            operation={one}
            label={text.account[one]}
            obstacle={account.status === 'closed' ? text.account.closed : undefined}
            onClick={() => setAct(one)}
          />
        ))}
      </p>
      {act !== undefined && (
        <Counter key={act} act={act} account={account} onClose={() => setAct(undefined)} />
      )}
      <div className="columns">
        <BalanceExplained account={account} />
        <AccountFacts account={account} />
      </div>
      {isPast || <Holds account={account} />}
      <Lines account={account} />
    </>
  );
}

function AccountFacts({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const isPast = useAsOf() !== undefined;
  return (
    <section>
      <h2>{isPast ? fill(text.asOf.ofNow, { what: text.account.title }) : text.account.title}</h2>
      <Facts
        facts={[
          [text.account.number, <Code key="number" value={account.number} />],
          [
            text.account.iban,
            account.iban && <Code key="iban" value={account.iban} label={inGroups(account.iban)} />,
          ],
          [text.account.product, account.product],
          [text.customers.status, text.account[account.status]],
          [text.account.holders, <Holders key="holders" account={account} />],
        ]}
      />
    </section>
  );
}

function Holders({ account }: { readonly account: Account }): ReactNode {
  return account.holders.map(({ customerId }) => <Holder key={customerId} id={customerId} />);
}

function Holder({ id }: { readonly id: string }): ReactNode {
  const { data: customer } = useAnswer('customers.get', id);
  return (
    <Link to="/customers/$id" params={{ id }} className="item">
      {customer === undefined ? id : nameOf(customer)}
    </Link>
  );
}

function Holds({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const holds = useList('holds.list', { accountId: account.id, status: 'active' });
  return (
    <section>
      <h2>{text.account.holds}</h2>
      <List
        caption={text.account.holds}
        pages={holds}
        keyOf={({ id }) => id}
        empty={text.account.noHolds}
        right="holds:read"
        columns={[
          { head: text.account.date, cell: ({ businessDate }) => <DateText date={businessDate} /> },
          { head: text.account.what, cell: ({ reference, id }) => reference ?? id },
          {
            head: text.account.amount,
            isNumber: true,
            cell: ({ remainingAmount, currency }) => <Money amount={remainingAmount} currency={currency} />,
          },
        ]}
      />
    </section>
  );
}

function Lines({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const { from, to, asOf } = route.useSearch();
  const last = asOf === undefined || (to !== undefined && to < asOf) ? to : asOf;
  const navigate = route.useNavigate();
  const lines = useList('accounts.transactions', account.id, { from, to: last });
  const change = (name: 'from' | 'to') => (event: { target: { value: string } }) =>
    void navigate({ search: (old) => ({ ...old, [name]: event.target.value || undefined }), replace: true });
  return (
    <section>
      <h2>{text.account.lines}</h2>
      <div className="row">
        <Field label={text.account.from} type="date" value={from ?? ''} onChange={change('from')} />
        <Field label={text.account.to} type="date" value={to ?? ''} onChange={change('to')} />
        <Link
          to="/resources/$name/$"
          params={{ name: 'account-lines', _splat: account.id }}
          search={{
            ...(from === undefined ? {} : { from }),
            ...(last === undefined ? {} : { to: last }),
          }}
        >
          {text.customers.allFilters}
        </Link>
      </div>
      <BalanceOverTime lines={lines.data?.pages.flatMap((page) => page.data) ?? []} />
      <List
        caption={text.account.lines}
        pages={lines}
        keyOf={({ id }) => id}
        empty={text.account.noLines}
        right="transactions:read"
        columns={[
          { head: text.account.date, cell: ({ businessDate }) => <DateText date={businessDate} /> },
          { head: text.account.what, cell: (line) => <What line={line} /> },
          {
            head: text.account.amount,
            isNumber: true,
            cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
          },
          {
            head: text.account.after,
            isNumber: true,
            cell: ({ balanceAfter, currency }) => <Money amount={balanceAfter} currency={currency} />,
          },
        ]}
      />
    </section>
  );
}

/** The balance after each of the lines that are shown; one of them is no picture. */
function BalanceOverTime({ lines }: { readonly lines: readonly AccountLine[] }): ReactNode {
  const { text, locale } = useLanguage();
  const [newest, oldest] = [lines[0], lines.at(-1)];
  if (newest === undefined || oldest === undefined || lines.length < 2) return null;
  const byAmount = lines.toSorted((a, b) => Number(a.balanceAfter) - Number(b.balanceAfter));
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const on = ({ businessDate }: AccountLine): string => date.format(new Date(`${businessDate}T00:00:00Z`));
  const after = (line: AccountLine | undefined): string =>
    line === undefined ? '' : showAmount(line.balanceAfter, line.currency, locale);
  const said = fill(text.overview.balance, {
    from: on(oldest),
    to: on(newest),
    least: after(byAmount[0]),
    most: after(byAmount.at(-1)),
  });
  return (
    <figure className="over-time">
      <Steps
        said={said}
        points={lines.toReversed().map(({ businessDate, balanceAfter }) => ({
          at: Date.parse(businessDate),
          size: Number(balanceAfter),
        }))}
      />
      <figcaption className="small" aria-hidden="true">
        {said}
      </figcaption>
    </figure>
  );
}

function What({ line }: { readonly line: AccountLine }): ReactNode {
  const text = useText();
  const detail = [line.counterparty?.name ?? line.payerName, line.description, line.reference];
  return (
    <>
      <Link to="/transactions/$id" params={{ id: line.id }}>
        {text.types[line.type]}
      </Link>{' '}
      {detail.filter((part) => part != null).join(' · ')}
      {line.status === 'reversed' && <em> {text.account.reversed}</em>}
    </>
  );
}
