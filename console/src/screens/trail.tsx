import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { AuditRow } from '#sdk/index.ts';
import { useAnswer, useList } from '../api/use-bank.ts';
import { InstantText } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import { List } from '../ui/list.tsx';
import { ProofDialog } from './proof.tsx';

const route = getRouteApi('/trail');

/** Who did what: each row can be proven, here in the browser. */
export function Trail(): ReactNode {
  const text = useText();
  const { actor, action, resource } = route.useSearch();
  const navigate = route.useNavigate();
  const rows = useList('auditLog.list', { actor, action, resource });
  const { data: bank } = useAnswer('bank.get');
  const [proven, setProven] = useState<AuditRow>();
  const filter = (name: 'actor' | 'action' | 'resource', value: string | undefined): ReactNode => (
    <Field
      label={text.trail[name]}
      type="search"
      defaultValue={value ?? ''}
      onChange={(event) =>
        void navigate({
          search: (old) => ({ ...old, [name]: event.target.value || undefined }),
          replace: true,
        })
      }
    />
  );
  return (
    <>
      <h1>{text.trail.title}</h1>
      <div className="row">
        {filter('actor', actor)}
        {filter('action', action)}
        {filter('resource', resource)}
      </div>
      <List
        caption={text.trail.title}
        pages={rows}
        keyOf={({ id }) => id}
        empty={text.trail.empty}
        right="audit:read"
        columns={[
          {
            head: text.trail.at,
            cell: ({ at }) => <InstantText instant={at} timeZone={bank?.timeZone ?? 'UTC'} />,
          },
          { head: text.trail.actor, cell: ({ actor: who, role }) => `${who} (${role})` },
          {
            head: text.trail.action,
            cell: ({ action: what, outcome, outcomeCode }) =>
              outcome === 'done' ? what : `${what}: ${outcomeCode ?? outcome}`,
          },
          { head: text.trail.resource, cell: ({ resourceId, resourceType }) => resourceId ?? resourceType },
          {
            head: text.trail.proof,
            cell: (row) => (
              <button type="button" className="quiet" onClick={() => setProven(row)}>
                {text.trail.prove}
              </button>
            ),
          },
        ]}
      />
      {proven !== undefined && <ProofDialog row={proven} onClose={() => setProven(undefined)} />}
    </>
  );
}
