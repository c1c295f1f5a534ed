import type { ReactNode } from 'react';
import type { Account } from '../api/types.ts';
import { negated } from '../show/amounts.ts';
import { Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';

/** What the available amount is made of, as a sum that a customer can follow. */
export function BalanceExplained({ account }: { readonly account: Account }): ReactNode {
  const text = useText();
  const { balance, overdraftLimit, currency } = account;
  const rows = [
    [text.account.posted, balance.posted],
    [text.account.held, negated(balance.held)],
    [text.account.overdraft, overdraftLimit],
  ] as const;
  return (
    <section>
      <h2>{text.account.why}</h2>
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
    </section>
  );
}
