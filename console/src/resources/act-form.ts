import type { Described } from '../forms/described.ts';
import type { Field, Operation } from '../forms/description.ts';
import { type Fault, type ReadPlace, readChange, readGroup } from '../forms/read.ts';
import { fieldsOf } from '../forms/shapes.ts';
import {
  blankGroup,
  isSame,
  isTypedGroup,
  type Place,
  type Typed,
  type TypedGroup,
  typedOf,
} from '../forms/typed.ts';
import type { Params, Row } from './bank.ts';
import { isRow, textAt, valueAt } from './row.ts';

/** A form as it is kept in the tab: what is typed, and for a change what it started from. Secrets are not in it. */
export type ActForm = {
  /** Parameters of the path and the query that the page does not know. */
  readonly parameters: TypedGroup;
  readonly body: TypedGroup;
  readonly before: TypedGroup | null;
  /** The version that is changed. */
  readonly etag: string | null;
};

/** What an act is opened with. */
export type ActSource = {
  /** Parameters of the path that are known. */
  readonly path: Params;
  readonly record?: Row | undefined;
  readonly etag?: string | undefined;
  readonly prefill?: string | undefined;
  /** Ids and currencies of where it is opened. */
  readonly given: Params;
};

/** The parameters that a form asks for: those of the path that are not known, and those of the query. */
export function askedParameters({ operation, shapes }: Described, path: Params): readonly Field[] {
  const inBody = new Set(bodyFields({ operation, shapes }).map(({ name }) => name));
  const unknown = operation.pathFields.filter(({ name }) => path[name] === undefined);
  return [...unknown, ...operation.queryFields.filter(({ name }) => !inBody.has(name))];
}

export function bodyFields({ operation: { body }, shapes }: Described): readonly Field[] {
  return body?.kind === 'group' ? fieldsOf(body, shapes) : [];
}

/** Whether a form starts from the record and sends what is different. */
export function isChange({ method }: Operation): boolean {
  return method === 'PATCH';
}

export function openForm(described: Described, source: ActSource, place: Place): ActForm {
  const { operation, shapes } = described;
  const parameters = withGiven(askedParameters(described, source.path), source.given, shapes);
  const start = valueAt(source.record, source.prefill ?? '');
  const startsWith = source.prefill !== undefined || ['PATCH', 'PUT'].includes(operation.method);
  const body =
    startsWith && isRow(start) ? bodyOf(described, start, place) : blankBody(described, source.given);
  return { parameters, body, before: isChange(operation) ? body : null, etag: source.etag ?? null };
}

/** The body that a record would have been made with. */
export function bodyOf({ operation: { body }, shapes }: Described, record: Row, place: Place): TypedGroup {
  if (body === undefined) return {};
  const typed = typedOf({ ...body, isRequired: true }, record, { ...place, shapes });
  return isTypedGroup(typed) ? typed : {};
}

function blankBody(described: Described, given: Params): TypedGroup {
  return withGiven(bodyFields(described), given, described.shapes);
}

function withGiven(fields: readonly Field[], given: Params, shapes: Described['shapes']): TypedGroup {
  const names = new Set(fields.map(({ name }) => name));
  const known = (name: string): string | undefined =>
    given[name] ?? (name === 'fromAccountId' && !names.has('accountId') ? given.accountId : undefined);
  return Object.fromEntries(
    Object.entries(blankGroup(fields, shapes)).map(([name, blank]) => [name, known(name) ?? blank]),
  );
}

/** The ids and the currency that a record brings to the acts on it. */
export function givenBy(record: Row | undefined): Params {
  if (record === undefined) return {};
  const id = textAt(record, 'id') ?? '';
  const own = { acc: 'accountId', cus: 'customerId', lnp: 'productId' }[id.slice(0, id.indexOf('_'))];
  const names = ['accountId', 'customerId', 'currency'];
  const found = names.flatMap((name) => {
    const text = textAt(record, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return { ...Object.fromEntries(found), ...(own === undefined ? {} : { [own]: id }) };
}

export type ReadForm = {
  readonly path: Params;
  readonly query: Row;
  readonly body: Row | undefined;
  readonly faults: ReadonlyMap<string, Fault>;
};

/** What a form would send, and what is wrong with it. */
export function readForm(
  described: Described,
  form: ActForm,
  secrets: TypedGroup,
  source: Pick<ActSource, 'path'>,
  place: ReadPlace,
): ReadForm {
  const { operation } = described;
  const parameters = readGroup(askedParameters(described, source.path), form.parameters, place);
  const values = isRow(parameters.value) ? parameters.value : {};
  const isInPath = (name: string): boolean => operation.pathFields.some((field) => field.name === name);
  const [inPath, inQuery] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => isInPath(name) === wanted)),
  );
  const typedPath = Object.fromEntries(
    Object.entries(inPath ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const body = readBody(described, form, secrets, place);
  return {
    path: { ...typedPath, ...source.path },
    query: inQuery ?? {},
    body: isRow(body.value) ? body.value : undefined,
    faults: new Map([...parameters.faults, ...body.faults]),
  };
}

function readBody(described: Described, form: ActForm, secrets: TypedGroup, place: ReadPlace) {
  const { operation } = described;
  const typed = { ...form.body, ...secrets };
  if (operation.body === undefined) return { value: undefined, faults: new Map<string, Fault>() };
  if (form.before !== null) return readChange(bodyFields(described), typed, form.before, place);
  if (operation.body.kind === 'group') return readGroup(bodyFields(described), typed, place);
  // A choice is read as the only field of a group, and its faults are where the bank has them.
  const whole = readGroup([operation.body], { [operation.body.name]: typed }, place);
  const faults = [...whole.faults].map(([path, fault]) => [path.replace(/^body\.?/, ''), fault] as const);
  const value = isRow(whole.value) ? whole.value[operation.body.name] : undefined;
  return { value, faults: new Map(faults) };
}

/** What stands at the bank now against what the change started from and what was typed meanwhile. */
export type Conflict = { readonly field: Field; readonly typed: Typed; readonly theirs: Typed };

/** The fields that others have changed since. */
export function conflictsOf(fields: readonly Field[], form: ActForm, theirs: TypedGroup): Conflict[] {
  const { before, body } = form;
  return fields
    .filter(({ name }) => !isSame(before?.[name], theirs[name]))
    .map((field) => ({ field, typed: body[field.name], theirs: theirs[field.name] }));
}

/** The form on the new version: what was not typed in is as it is there now; what was typed stays. */
export function onNewVersion(form: ActForm, theirs: TypedGroup, etag: string | undefined): ActForm {
  const body = Object.fromEntries(
    Object.entries(theirs).map(([name, value]) => [
      name,
      isSame(form.body[name], form.before?.[name]) ? value : form.body[name],
    ]),
  );
  return { ...form, body, before: theirs, etag: etag ?? null };
}
