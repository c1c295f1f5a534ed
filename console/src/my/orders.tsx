import { type ReactNode, useState } from 'react';
import type { StandingOrder } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useList } from '../api/use-bank.ts';
import { Act } from '../app/act.tsx';
import { showAmount } from '../show/amounts.ts';
import { DateText, inGroups, Money } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { List } from '../ui/list.tsx';
import { NewOrder } from './new-order.tsx';
import { usePayees } from './payee-fields.tsx';
import { useMyText } from './text.ts';

/** What is paid again and again without a word. */
export function MyOrders(): ReactNode {
  const text = useText();
  const mine = useMyText();
  const orders = useList('standingOrders.list');
  const [doing, setDoing] = useState<'add' | StandingOrder>();
  const close = (): void => setDoing(undefined);
  return (
    <>
      <h1>{mine.orders}</h1>
      <p>
        <button type="button" className="primary" onClick={() => setDoing('add')}>
          {mine.addOrder}
        </button>
      </p>
      <List
        caption={mine.orders}
        pages={orders}
        keyOf={({ id }) => id}
        empty={mine.noOrders}
        right="standing-orders:read"
        columns={[
          { head: mine.to, cell: (order) => <Payee order={order} /> },
          {
            head: text.account.amount,
            isNumber: true,
            cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
          },
          { head: mine.frequency, cell: ({ frequency }) => frequency && mine.frequencies[frequency] },
          { head: mine.next, cell: ({ nextDueDate }) => nextDueDate && <DateText date={nextDueDate} /> },
          { head: text.customers.status, cell: ({ status }) => mine.orderStatuses[status] },
          {
            head: mine.acts,
            cell: (order) => <CancelButton order={order} onClick={() => setDoing(order)} />,
          },
        ]}
      />
      {doing === 'add' && <NewOrder onClose={close} />}
      {doing !== undefined && doing !== 'add' && <CancelOrder key={doing.id} order={doing} onClose={close} />}
    </>
  );
}

function Payee({ order }: { readonly order: StandingOrder }): ReactNode {
  const payee = usePayees().find(({ id }) => id === order.beneficiaryId);
  const iban = order.toIban === null ? order.toAccountId : inGroups(order.toIban);
  return payee?.nickname ?? payee?.name ?? order.toName ?? iban;
}

type CancelProps = { readonly order: StandingOrder; readonly onClick: () => void };

function CancelButton({ order, onClick }: CancelProps): ReactNode {
  const { locale } = useLanguage();
  const mine = useMyText();
  if (order.status === 'cancelled' || order.status === 'ended') return null;
  const amount = showAmount(order.amount, order.currency, locale);
  return (
    <button
      type="button"
      className="quiet"
      aria-label={fill(mine.confirmCancel, { amount })}
      onClick={onClick}
    >
      {mine.cancelOrder}
    </button>
  );
}

type CancelOrderProps = { readonly order: StandingOrder; readonly onClose: () => void };

function CancelOrder({ order, onClose }: CancelOrderProps): ReactNode {
  const { locale } = useLanguage();
  const mine = useMyText();
  const amount = showAmount(order.amount, order.currency, locale);
  return (
    <Act<object, StandingOrder>
      name={`my-order-ended:${order.id}`}
      title={mine.cancelOrder}
      empty={{}}
      fields={() => (
        <p>
          <Payee order={order} />
        </p>
      )}
      confirm={() => fill(mine.confirmCancel, { amount })}
      facts={() => [[mine.to, <Payee key="payee" order={order} />]]}
      send={({ key }) => bank.standingOrders.cancel(order.id, { idempotencyKey: key })}
      onClose={onClose}
    />
  );
}
