import type { ReactNode } from 'react';
import { type Account, negated, sum, type Transaction } from '#sdk/index.ts';
import { useAnswer, useSession } from '../api/use-bank.ts';
import { Code, DateText, InstantText, inGroups, Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { ReceiptRow } from '../ui/done-row.tsx';
import { Facts } from '../ui/list.tsx';
import type { CounterAct } from './counter-acts.ts';

type ReceiptProps = {
  readonly title: string;
  readonly act: CounterAct;
  readonly transaction: Transaction;
  readonly account: Account;
  readonly onClose: () => void;
};

/** What a customer takes home: one page, with the balance before and after. */
export function Receipt({ title, act, transaction, account, onClose }: ReceiptProps): ReactNode {
  const text = useText();
  const state = useSession();
  const { data: bank } = useAnswer('bank.get');
  const { amount, balanceAfter, currency, counterparty, description, businessDate, createdAt, id } =
    transaction;
  const amounts = (value: string): ReactNode => <Money amount={value} currency={currency} />;
  return (
    <article className="receipt" aria-label={text.counter.receipt}>
      <p className="only-print">
        <strong>{bank?.name}</strong>
        <br />
        {title}
      </p>
      <Facts
        facts={[
          [text.account.amount, amounts(amount)],
          [text.account.title, account.iban === null ? account.number : inGroups(account.iban)],
          [text.counter.payee, counterparty?.iban && inGroups(counterparty.iban)],
          [text.counter.payeeName, counterparty?.name],
          [text.counter.text, description],
          [
            text.counter.before,
            balanceAfter === null
              ? null
              : amounts(sum(balanceAfter, act === 'deposit' ? negated(amount) : amount)),
          ],
          [text.counter.after, balanceAfter === null ? null : amounts(balanceAfter)],
          [text.businessDate, <DateText key="date" date={businessDate} />],
          [
            text.account.date,
            <InstantText key="at" instant={createdAt} timeZone={bank?.timeZone ?? 'UTC'} />,
          ],
          [text.counter.transaction, <Code key="id" value={id} />],
          [text.counter.by, state.is === 'in' ? state.user.name : null],
        ]}
      />
      <ReceiptRow onClose={onClose} />
    </article>
  );
}
