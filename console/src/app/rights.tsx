import type { ReactNode } from 'react';
import { useSession } from '../api/use-bank.ts';
import { fill, useText } from '../text/language.tsx';
import { useAsOf } from './as-of.tsx';

/** Whether the user may call an operation of the API, as the bank itself says: there is no second table of rights. */
export function useMay(): (operation: string) => boolean {
  const state = useSession();
  const operations = state.is === 'in' || state.is === 'over' ? state.user.operations : {};
  return (operation) => operations[operation] !== undefined;
}

type ActButtonProps = {
  readonly operation: string;
  readonly label: string;
  /** Why it cannot be done with this record, whoever asks. */
  readonly obstacle?: string | undefined;
  readonly onClick: () => void;
};

/** A button for an act on the record in hand. Where it cannot be pressed, it says why. */
export function ActButton({ operation, label, obstacle, onClick }: ActButtonProps): ReactNode {
  const text = useText();
  const may = useMay();
  const state = useSession();
  const role = state.is === 'in' || state.is === 'over' ? state.user.role : '';
  const isPast = useAsOf() !== undefined;
  const obstacleNow = isPast ? text.asOf.readOnly : obstacle;
  const why = may(operation) ? obstacleNow : fill(text.act.mayNot, { role, operation });
  return (
    <button type="button" className="primary" disabled={why !== undefined} title={why} onClick={onClick}>
      {label}
    </button>
  );
}
