import { type ReactNode, Suspense, useState } from 'react';
import { FlorinProblem } from '#sdk/index.ts';
import { endAttempt } from '../api/attempt.ts';
import { Act } from '../app/act.tsx';
import type { DryRun } from '../app/try-out.tsx';
import { FormContext } from '../forms/context.ts';
import { type Described, useDescribed } from '../forms/described.ts';
import type { Operation } from '../forms/description.ts';
import { Fields, GroupFields } from '../forms/fields.tsx';
import type { ReadPlace } from '../forms/read.ts';
import type { TypedGroup } from '../forms/typed.ts';
import { fill } from '../text/language.tsx';
import type { Fact } from '../ui/list.tsx';
import { ActDone } from './act-done.tsx';
import { type ActForm, type ActSource, askedParameters, bodyFields, openForm, readForm } from './act-form.ts';
import { ask, type Row } from './bank.ts';
import { ConflictNotice, type Reread } from './conflict.tsx';
import { usePlace } from './place.ts';
import { textAt } from './row.ts';
import { textOf } from './value-text.ts';

type ActDialogProps = {
  readonly operation: string;
  readonly source: ActSource;
  /** Reads the record again, where a change met a newer version. */
  readonly reread?: Reread | undefined;
  /** The shape of the record that the act is on: an answer of that shape shows nothing new. */
  readonly recordShape?: string | undefined;
  readonly onClose: () => void;
  /** After success, before the dialog closes. */
  readonly onDone?: (() => void) | undefined;
};

/** An act of the bank in a form that is made from the document: one key, confirmed in words, answered by what came of it. */
export function ActDialog(props: ActDialogProps): ReactNode {
  // The page stays as it is while the description of the form is on its way.
  return (
    <Suspense fallback={null}>
      <DescribedAct {...props} />
    </Suspense>
  );
}

function DescribedAct({
  operation: id,
  source,
  reread,
  recordShape,
  onClose,
  onDone,
}: ActDialogProps): ReactNode {
  const described = useDescribed(id);
  const { operation, shapes } = described;
  const place = usePlace(shapes);
  const { labels, locale } = place;
  const name = `${id}:${Object.values({ ...source.given, ...source.path }).join(':')}`;
  const secretNames = bodyFields(described).flatMap((field) => (field.kind === 'secret' ? [field.name] : []));
  const [secrets, setSecrets] = useState<TypedGroup>({});
  // A secret is never kept in the tab, so that a form with one begins again after a reload.
  useState(() => {
    if (secretNames.length > 0) endAttempt(name);
  });
  const currency = source.given.currency ?? textAt(source.record, 'currency');
  const readPlace: ReadPlace = { shapes, locale, timeZone: place.timeZone, currency };
  const read = (form: ActForm) => readForm(described, form, secrets, source, readPlace);
  const label = labels.act(id);

  const confirm = (form: ActForm): string | undefined => {
    const { faults, body } = read(form);
    if (faults.size > 0) return undefined;
    if (form.before !== null && Object.keys(body ?? {}).length === 0) return undefined;
    return wordsOf(label, described, body ?? {}, { ...place, currency });
  };
  return (
    <Act<ActForm, unknown>
      name={name}
      title={label}
      empty={openForm(described, source, { ...place })}
      fields={(form, change, isTried, error) => (
        <ActFields
          {...{ described, form, isTried, error, source, readPlace, reread }}
          secrets={secrets}
          onType={(body) => {
            const isSecret = (field: string): boolean => secretNames.includes(field);
            const parts = Object.entries(body);
            setSecrets(Object.fromEntries(parts.filter(([field]) => isSecret(field))));
            change({
              body: Object.fromEntries(parts.map(([field, typed]) => [field, isSecret(field) ? '' : typed])),
            });
          }}
          onChange={change}
        />
      )}
      confirm={confirm}
      facts={(form) => factsOf(described, read(form), { ...place, currency })}
      tryOut={operation.hasDryRun && ((form) => tryOutAct(operation, read(form), form.etag))}
      send={({ key, form }) => sendAct(operation, read(form), form.etag, key)}
      done={(answer, close) => (
        <ActDone
          described={described}
          answer={answer}
          recordShape={recordShape}
          onClose={() => {
            close();
            onDone?.();
          }}
        />
      )}
      onClose={onClose}
    />
  );
}

/** Null where nothing is answered: the dialog tells that from an act that is not done yet. */
async function sendAct(
  operation: Operation,
  { path, query, body }: ReturnType<typeof readForm>,
  etag: string | null,
  idempotencyKey: string,
): Promise<unknown> {
  const version = etag === null || operation.ifMatch === undefined ? {} : { ifMatch: etag };
  return (await ask<unknown>({ operation, path, query, body, idempotencyKey, ...version })) ?? null;
}

/** What an act would do: nothing is done. */
function tryOutAct(
  operation: Operation,
  { path, query, body }: ReturnType<typeof readForm>,
  etag: string | null,
): Promise<DryRun> {
  const version = etag === null || operation.ifMatch === undefined ? {} : { ifMatch: etag };
  return ask<DryRun>({ operation, path, query, body, dryRun: true, ...version });
}

type ActFieldsProps = {
  readonly described: Described;
  readonly form: ActForm;
  readonly secrets: TypedGroup;
  readonly isTried: boolean;
  readonly error: unknown;
  readonly source: ActSource;
  readonly readPlace: ReadPlace;
  readonly reread: Reread | undefined;
  readonly onType: (body: TypedGroup) => void;
  readonly onChange: (part: Partial<ActForm>) => void;
};

function ActFields(props: ActFieldsProps): ReactNode {
  const { described, form, secrets, isTried, error, source, readPlace, reread, onType, onChange } = props;
  const { operation } = described;
  const { labels } = usePlace(described.shapes);
  const { faults, body } = readForm(described, form, secrets, source, readPlace);
  const refused = new Map(
    error instanceof FlorinProblem ? error.errors.map(({ path, message }) => [path, message]) : [],
  );
  const asked = askedParameters(described, source.path);
  const typed = { ...form.body, ...secrets };
  const isUnchanged = form.before !== null && Object.keys(body ?? {}).length === 0;
  return (
    <FormContext value={{ ...readPlace, labels, faults, refused, isTried }}>
      <p className="hint" lang="en">
        {operation.summary}.
      </p>
      {reread !== undefined && form.before !== null && (
        <ConflictNotice {...{ described, form, error, reread, readPlace }} onChange={onChange} />
      )}
      {asked.length > 0 && (
        <Fields
          fields={asked}
          typed={form.parameters}
          hasFocus
          onType={(parameters) => onChange({ parameters })}
        />
      )}
      {operation.body?.kind === 'choice' ? (
        <GroupFields
          field={operation.body}
          typed={typed}
          path=""
          hasFocus={asked.length === 0}
          onType={onType}
        />
      ) : (
        <Fields fields={bodyFields(described)} typed={typed} hasFocus={asked.length === 0} onType={onType} />
      )}
      {isTried && isUnchanged && <p className="notice">{labels.words.unchanged}</p>}
      {isTried && faults.size > 0 && (
        <p className="notice failed" role="alert">
          {fill(labels.words.faults, { count: String(faults.size) })}
        </p>
      )}
    </FormContext>
  );
}

/** What the last button says: the act, and its amount or what it is about. */
function wordsOf(
  label: string,
  described: Described,
  body: Row,
  place: Parameters<typeof textOf>[2],
): string {
  const fields = bodyFields(described);
  const currency = textAt(body, 'currency') ?? place.currency;
  const main =
    fields.find(({ name, kind }) => kind === 'money' && body[name] !== undefined) ??
    fields.find(({ name, kind }) => kind === 'text' && name === 'name' && body[name] !== undefined);
  if (main === undefined) return label;
  return `${label}: ${textOf(main, body[main.name], { ...place, currency })}`;
}

/** What is about to be sent, field by field. */
function factsOf(
  described: Described,
  { path, query, body = {} }: ReturnType<typeof readForm>,
  place: Parameters<typeof textOf>[2],
): Fact[] {
  const { operation, shapes } = described;
  const within = { ...place, currency: textAt(body, 'currency') ?? place.currency };
  const own =
    operation.body?.kind === 'choice'
      ? Object.keys(body).map((name) => ({ name, kind: 'text' as const }))
      : bodyFields(described);
  const of = (fields: readonly { readonly name: string }[], values: Row): Fact[] =>
    fields
      .filter(({ name }) => values[name] !== undefined)
      .map((field) => [
        place.labels.field(field.name),
        values[field.name] === null
          ? place.labels.words.none
          : textOf({ kind: 'text', ...field }, values[field.name], { ...within, shapes }),
      ]);
  return [...of(operation.pathFields, path), ...of(operation.queryFields, query), ...of(own, body)];
}
