import { type ReactNode, useEffect, useState } from 'react';
import { etagOf, FlorinProblem } from '#sdk/index.ts';
import type { Described } from '../forms/described.ts';
import type { Field } from '../forms/description.ts';
import { type ReadPlace, readGroup } from '../forms/read.ts';
import type { Typed } from '../forms/typed.ts';
import { type ActForm, bodyFields, bodyOf, type Conflict, conflictsOf, onNewVersion } from './act-form.ts';
import type { Row } from './bank.ts';
import { usePlace } from './place.ts';
import { isRow } from './row.ts';
import { textOf } from './value-text.ts';

/** Reads the record as it is now. */
export type Reread = () => Promise<Row>;

type ConflictProps = {
  readonly described: Described;
  readonly form: ActForm;
  readonly error: unknown;
  readonly reread: Reread;
  readonly readPlace: ReadPlace;
  readonly onChange: (part: Partial<ActForm>) => void;
};

/**
 * Somebody else has changed the record since it was read: what they changed stands beside what was typed. What was typed
 * is kept, and is sent against the new version.
 */
export function ConflictNotice({
  described,
  form,
  error,
  reread,
  readPlace,
  onChange,
}: ConflictProps): ReactNode {
  const place = usePlace(described.shapes);
  const { words } = place.labels;
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([]);
  const isConflict = error instanceof FlorinProblem && error.status === 412;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal is looked at once, whatever is typed after it.
  useEffect(() => {
    if (!isConflict) return;
    void reread().then((record) => {
      const theirs = bodyOf(described, record, { ...place });
      setConflicts(conflictsOf(bodyFields(described), form, theirs));
      onChange(onNewVersion(form, theirs, etagOf(record)));
    });
  }, [error]);
  if (conflicts.length === 0) return null;
  const shown = (field: Field, typed: Typed): string => {
    const { value } = readGroup([{ ...field, isNullable: true }], { [field.name]: typed }, readPlace);
    return textOf(field, isRow(value) ? value[field.name] : undefined, {
      ...place,
      currency: readPlace.currency,
    });
  };
  return (
    <section className="notice stale" aria-label={words.conflict}>
      <p role="alert">{words.conflict}</p>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.conflictField}</th>
              <th scope="col">{words.conflictTyped}</th>
              <th scope="col">{words.conflictNow}</th>
              <th scope="col">
                <span className="unseen">{words.acts}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {conflicts.map(({ field, theirs }) => (
              <tr key={field.name}>
                <th scope="row">{place.labels.field(field.name)}</th>
                <td data-head={words.conflictTyped}>{shown(field, form.body[field.name])}</td>
                <td data-head={words.conflictNow}>{shown(field, theirs)}</td>
                <td>
                  <button
                    type="button"
                    onClick={() => onChange({ body: { ...form.body, [field.name]: theirs } })}
                  >
                    {words.takeTheirs}
                    <span className="unseen"> {place.labels.field(field.name)}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
