import type { ReactNode } from 'react';
import type { Described } from '../forms/described.ts';
import { useText } from '../text/language.tsx';
import { DoneRow } from '../ui/done-row.tsx';
import { FactsOf } from './facts-of.tsx';
import { usePlace } from './place.ts';
import { isRow, textAt } from './row.ts';
import { IdLink } from './value.tsx';

/** Answers that hold what the bank shows once and never again. */
const SHOWN_ONCE: ReadonlySet<string> = new Set(['createApiKey', 'rotateApiKey', 'resetUser']);

type ActDoneProps = {
  readonly described: Described;
  readonly answer: unknown;
  readonly recordShape: string | undefined;
  readonly onClose: () => void;
};

/** What came of an act: the new record, or what was worked out. */
export function ActDone({ described, answer, recordShape, onClose }: ActDoneProps): ReactNode {
  const text = useText();
  const { operation, shapes } = described;
  const place = usePlace(shapes);
  const { words } = place.labels;
  const isShown = isRow(answer) && operation.answer?.shape !== recordShape;
  const id = isRow(answer) ? textAt(answer, 'id') : undefined;
  return (
    <>
      <p role="status">{operation.id.startsWith('quote') ? words.workedOut : text.act.isDone}</p>
      {SHOWN_ONCE.has(operation.id) && <p className="notice stale">{words.shownOnce}</p>}
      {isShown && operation.answer !== undefined && (
        <FactsOf field={operation.answer} row={answer} place={place} />
      )}
      {isShown && id !== undefined && /^[a-z]+_/.test(id) && (
        <p>
          {words.toRecord} <IdLink id={id} />
        </p>
      )}
      <DoneRow onClose={onClose} />
    </>
  );
}
