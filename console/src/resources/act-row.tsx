import type { ReactNode } from 'react';
import { useSession } from '../api/use-bank.ts';
import { useAsOf } from '../app/as-of.tsx';
import { useMay } from '../app/rights.tsx';
import { useLabels } from '../forms/labels/labels.ts';
import { fill, useText } from '../text/language.tsx';
import type { Row } from './bank.ts';
import type { ActSpec } from './resource.ts';
import { textAt } from './row.ts';

type ActRowProps = {
  readonly acts: readonly ActSpec[];
  /** What they are on: acts that its state does not allow are not offered. */
  readonly record?: Row | undefined;
  /** Small ones stand in a row of a list. */
  readonly isSmall?: boolean;
  readonly onOpen: (act: ActSpec) => void;
};

/** The buttons of acts. One that the user may not do is disabled, and says which right it takes. */
export function ActRow({ acts, record, isSmall = false, onOpen }: ActRowProps): ReactNode {
  const text = useText();
  const labels = useLabels();
  const may = useMay();
  const state = useSession();
  const role = state.is === 'in' || state.is === 'over' ? state.user.role : '';
  const obstacle = useAsOf() === undefined ? undefined : text.asOf.readOnly;
  const offered = acts.filter((act) => isOffered(act, record));
  if (offered.length === 0) return null;
  return (
    <div className={isSmall ? 'acts small' : 'acts'}>
      {offered.map((act, index) => {
        const { operation } = act;
        const why = may(operation) ? obstacle : fill(text.act.mayNot, { role, operation });
        return (
          <button
            key={operation}
            type="button"
            className={isSmall ? 'quiet' : index === 0 ? 'primary' : undefined}
            disabled={why !== undefined}
            title={why}
            onClick={() => onOpen(act)}
          >
            {labels.act(operation)}
          </button>
        );
      })}
    </div>
  );
}

export function isOffered({ when }: ActSpec, record: Row | undefined): boolean {
  if (when === undefined || record === undefined) return true;
  const value = textAt(record, when.field);
  return value === undefined || when.is.includes(value);
}
