import type { ReactNode } from 'react';
import { type Account, negated } from '#sdk/index.ts';
import { useAnswer } from '../api/use-bank.ts';
import { useAsOf } from '../app/as-of.tsx';
import { DateText, Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';

/** What the available amount is made of, as a sum that a customer can follow; of an earlier date, what was booked. */
export function BalanceExplained({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const asOf = useAsOf();
  return (
    <section>
      <h2>{text.account.why}</h2>
      {asOf === undefined ? <BalanceNow account={account} /> : <BalanceThen account={account} asOf={asOf} />}
    </section>
  );
}

function BalanceNow({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const { balance, overdraftLimit, currency } = account;
  const rows = [
    [text.account.posted, balance.posted],
    [text.account.held, negated(balance.held)],
    [text.account.overdraft, overdraftLimit],
  ] as const;
  return (
    <table className="sum">
      <caption className="unseen">{text.account.formula}</caption>
      <tbody>
        {rows.map(([name, amount]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">
              <Money amount={amount} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{text.account.available}</th>
          <td className="number">
            <Money amount={balance.available} currency={currency} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

type ThenProps = { readonly account: Account; readonly asOf: string };

function BalanceThen({ account, asOf }: ThenProps): ReactNode {
  const text = useText();
  const { data, error, refetch } = useAnswer('accounts.balance', account.id, { asOf });
  if (error !== null && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <p aria-busy="true">{text.list.loading}</p>;
  return (
    <>
      <table className="sum">
        <caption className="unseen">{text.account.posted}</caption>
        <tbody>
          <tr>
            <th scope="row">
              {text.account.posted}, <DateText date={asOf} />
            </th>
            <td className="number">
              <Money amount={data.balance.posted} currency={data.currency} />
            </td>
          </tr>
        </tbody>
      </table>
      <p className="hint">{text.asOf.notKept}</p>
    </>
  );
}
