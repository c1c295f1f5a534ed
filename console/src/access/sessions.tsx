import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { bank } from '../api/session.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { InstantText } from '../show/show.tsx';
import { Failure } from '../ui/fail.tsx';
import { List } from '../ui/list.tsx';
import { useAccessText } from './text.ts';

/** Where else the user is logged in; each session can be ended from here. */
export function Sessions(): ReactNode {
  const text = useAccessText();
  const queries = useQueryClient();
  const sessions = useList('auth.sessions');
  const { data: facts } = useAnswer('bank.get');
  const [error, setError] = useState<unknown>();
  const timeZone = facts?.timeZone ?? 'UTC';
  const end = async (id: string): Promise<void> => {
    try {
      await bank.auth.revokeOwnSession(id);
      setError(undefined);
    } catch (failure) {
      setError(failure);
    }
    await queries.invalidateQueries();
  };
  return (
    <>
      {error !== undefined && <Failure error={error} />}
      <List
        caption={text.sessions}
        pages={sessions}
        keyOf={({ id }) => id}
        empty={text.noSessions}
        right="listOwnSessions"
        columns={[
          { head: text.program, cell: ({ userAgent }) => programOf(userAgent) ?? text.unknown },
          { head: text.address, cell: ({ address }) => address ?? text.unknown },
          {
            head: text.began,
            cell: ({ createdAt }) => <InstantText instant={createdAt} timeZone={timeZone} />,
          },
          {
            head: text.used,
            cell: ({ lastUsedAt }) => <InstantText instant={lastUsedAt} timeZone={timeZone} />,
          },
          {
            head: text.end,
            cell: ({ id, address }) => (
              <button
                type="button"
                className="quiet"
                aria-label={`${text.end} ${address ?? ''}`}
                onClick={() => void end(id)}
              >
                {text.end}
              </button>
            ),
          },
        ]}
      />
    </>
  );
}

/** `Firefox on Linux` of what browsers say about themselves; the whole of it for anything else. */
export function programOf(userAgent: string | null): string | null {
  const name = /Edg\/|OPR\/|Firefox\/|Chrome\/|Safari\//.exec(userAgent ?? '')?.[0]?.slice(0, -1);
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(userAgent ?? '')?.[0];
  if (name === undefined || system === undefined) return userAgent;
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
  return `${names[name] ?? name} · ${system}`;
}
