import { type ReactNode, useState } from 'react';
import type { TransactionDryRun } from '#sdk/index.ts';
import { Money } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { Table } from '../ui/list.tsx';

/** What a call would do, whatever it would have answered. */
export type DryRun = Omit<TransactionDryRun, 'result'>;

/** A button that asks what an act would do, and the answer: nothing is booked by it. */
export function TryOut({ ask }: { readonly ask: () => Promise<DryRun> }): ReactNode {
  const text = useText();
  const [asked, setAsked] = useState<{ is: 'asking' } | { preview: DryRun } | { error: unknown }>();
  const tryOut = (): void => {
    setAsked({ is: 'asking' });
    ask().then(
      (preview) => setAsked({ preview }),
      (error: unknown) => setAsked({ error }),
    );
  };
  return (
    <>
      <p className="row">
        <button type="button" disabled={asked !== undefined && 'is' in asked} onClick={tryOut}>
          {text.preview.ask}
        </button>
      </p>
      {asked !== undefined && 'is' in asked && <p aria-busy="true">{text.list.loading}</p>}
      {asked !== undefined && 'error' in asked && <Failure error={asked.error} />}
      {asked !== undefined && 'preview' in asked && <Preview preview={asked.preview} />}
    </>
  );
}

function Preview({ preview }: { readonly preview: DryRun }): ReactNode {
  const text = useText();
  return (
    <section aria-label={text.preview.title}>
      <p role="status" className="notice">
        {text.preview.nothingDone}
      </p>
      {preview.warnings.map(({ code, accountId }) => (
        <p key={`${code} ${accountId}`} className="notice stale">
          {text.preview.warnings[code]}
        </p>
      ))}
      <Balances balances={preview.balances} />
      <Fees fees={preview.fees} />
      <Limits limits={preview.limits} />
      <Entries entries={preview.entries} />
    </section>
  );
}

function Balances({ balances }: Pick<DryRun, 'balances'>): ReactNode {
  const text = useText();
  if (balances.length === 0) return null;
  return (
    <Part title={text.preview.balances}>
      <Table
        caption={text.preview.balances}
        items={balances}
        keyOf={({ accountId }) => accountId}
        columns={[
          { head: text.account.title, cell: ({ accountId }) => <code>{accountId}</code> },
          {
            head: text.counter.before,
            isNumber: true,
            cell: ({ before, currency }) => <Money amount={before.posted} currency={currency} />,
          },
          {
            head: text.counter.after,
            isNumber: true,
            cell: ({ after, currency }) => <Money amount={after.posted} currency={currency} />,
          },
          {
            head: text.account.available,
            isNumber: true,
            cell: ({ after, currency }) => <Money amount={after.available} currency={currency} />,
          },
        ]}
      />
    </Part>
  );
}

function Fees({ fees }: Pick<DryRun, 'fees'>): ReactNode {
  const text = useText();
  if (fees.length === 0) return <p>{text.preview.noFees}</p>;
  return (
    <Part title={text.preview.fees}>
      <Table
        caption={text.preview.fees}
        items={fees}
        keyOf={({ id }) => id}
        columns={[
          { head: text.account.what, cell: ({ name }) => name },
          {
            head: text.account.amount,
            isNumber: true,
            cell: ({ total, currency }) => <Money amount={total} currency={currency} />,
          },
        ]}
      />
    </Part>
  );
}

function Limits({ limits }: Pick<DryRun, 'limits'>): ReactNode {
  const text = useText();
  if (limits.length === 0) return null;
  return (
    <Part title={text.preview.limits}>
      <Table
        caption={text.preview.limits}
        items={limits}
        keyOf={({ of, name, accountId, beneficiaryId }) => [of, name, accountId, beneficiaryId].join(' ')}
        columns={[
          { head: text.preview.limit, cell: ({ name }) => <code>{name}</code> },
          {
            head: text.preview.left,
            isNumber: true,
            cell: ({ left, currency }) => <Money amount={left} currency={currency} />,
          },
          {
            head: text.preview.ofLimit,
            isNumber: true,
            cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
          },
        ]}
      />
    </Part>
  );
}

function Entries({ entries }: Pick<DryRun, 'entries'>): ReactNode {
  const text = useText();
  const lines = entries.flatMap(({ kind, lines: own }, entry) =>
    own.map((line, index) => ({ ...line, kind, key: `${entry} ${index}` })),
  );
  return (
    <Part title={text.preview.entries}>
      <Table
        caption={text.preview.entries}
        items={lines}
        keyOf={({ key }) => key}
        columns={[
          { head: text.account.what, cell: ({ kind }) => wordsOf(text.types, kind) },
          {
            head: text.account.title,
            cell: ({ accountId, glAccount }) => <code>{accountId ?? glAccount ?? text.preview.ofBank}</code>,
          },
          {
            head: text.books.debit,
            isNumber: true,
            cell: ({ side, amount, currency }) =>
              side === 'debit' && <Money amount={amount} currency={currency} />,
          },
          {
            head: text.books.credit,
            isNumber: true,
            cell: ({ side, amount, currency }) =>
              side === 'credit' && <Money amount={amount} currency={currency} />,
          },
        ]}
      />
    </Part>
  );
}

/** Entries that are no transactions of customers have no other name. */
function wordsOf(types: Readonly<Record<string, string>>, kind: string): string {
  return types[kind] ?? kind.replaceAll('_', ' ');
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <h3>{title}</h3>
      {children}
    </>
  );
}
