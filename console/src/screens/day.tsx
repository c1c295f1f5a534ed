import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { EndOfDay, EndOfDayProgress, EndOfDayRun } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { useAnswer, useLiveList } from '../api/use-bank.ts';
import { Act } from '../app/act.tsx';
import { ActButton } from '../app/rights.tsx';
import { DateText, InstantText } from '../show/show.tsx';
import { fill, useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { Facts, List } from '../ui/list.tsx';

/** While dates are being closed the board is looked at this often. */
const LIVE_MS = 1_000;

/** The end of the day: what it is at, live, and how the last ones went. */
export function Day(): ReactNode {
  const text = useText();
  const [isClosing, setClosing] = useState(false);
  const { data: progress, error } = useQuery({
    queryKey: ['endOfDay.progress'],
    queryFn: ({ signal }) => bank.endOfDay.progress({ signal }),
    refetchInterval: ({ state: { data } }) => (data?.status === 'running' ? LIVE_MS : false),
  });
  const isRunning = progress?.status === 'running' || progress?.status === 'stopping';
  return (
    <>
      <h1>{text.day.title}</h1>
      {error !== null && <Failure error={error} />}
      {progress !== undefined && (
        <Facts
          facts={[
            [text.businessDate, <DateText key="date" date={progress.businessDate} />],
            [
              text.day.closedThrough,
              progress.closedThrough && <DateText key="c" date={progress.closedThrough} />,
            ],
            [text.customers.status, text.day.statuses[progress.status]],
            [text.day.left, progress.datesLeft],
          ]}
        />
      )}
      <p className="row">
        <ActButton
          operation="runEndOfDay"
          label={text.day.close}
          obstacle={isRunning ? text.day.statuses.running : undefined}
          onClick={() => setClosing(true)}
        />
      </p>
      {isClosing && progress !== undefined && (
        <CloseDay progress={progress} onClose={() => setClosing(false)} />
      )}
      <Runs isLive={isRunning} />
    </>
  );
}

function CloseDay({
  progress,
  onClose,
}: {
  readonly progress: EndOfDayProgress;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText();
  const { businessDate } = progress;
  return (
    <Act<object, EndOfDay>
      name={`close-day:${businessDate}`}
      title={text.day.close}
      empty={{}}
      fields={() => <p>{text.day.closeWhy}</p>}
      confirm={() => fill(text.day.confirm, { date: businessDate })}
      facts={() => [[text.businessDate, <DateText key="date" date={businessDate} />]]}
      send={({ key }) => bank.endOfDay.run({}, { idempotencyKey: key })}
      onClose={onClose}
    />
  );
}

function Runs({ isLive }: { readonly isLive: boolean }): ReactNode {
  const text = useText();
  const { data: bank } = useAnswer('bank.get');
  const runs = useLiveList(isLive ? LIVE_MS : undefined, 'endOfDay.list');
  return (
    <section>
      <h2>{text.day.runs}</h2>
      <List
        caption={text.day.runs}
        pages={runs}
        keyOf={({ businessDate, startedAt }) => `${businessDate} ${startedAt}`}
        empty={text.day.none}
        right="calendar:read"
        columns={[
          { head: text.account.date, cell: ({ businessDate }) => <DateText date={businessDate} /> },
          {
            head: text.customers.status,
            cell: ({ status, failure }) =>
              failure === null
                ? text.day.runStatuses[status]
                : `${text.day.runStatuses[status]}: ${failure.message}`,
          },
          { head: text.day.steps, cell: ({ steps }) => <Steps steps={steps} /> },
          {
            head: text.day.at,
            cell: ({ completedAt }) =>
              completedAt && <InstantText instant={completedAt} timeZone={bank?.timeZone ?? 'UTC'} />,
          },
        ]}
      />
    </section>
  );
}

function Steps({ steps }: Pick<EndOfDayRun, 'steps'>): ReactNode {
  const text = useText();
  const done = steps.filter(({ status }) => status === 'completed').length;
  return (
    <details>
      <summary>{fill(text.day.stepsDone, { done: String(done), all: String(steps.length) })}</summary>
      <ol>
        {steps.map(({ number, name, status, processed }) => (
          <li key={number}>
            {status === 'completed' ? '✓' : '…'} {name}: {processed}
          </li>
        ))}
      </ol>
    </details>
  );
}
