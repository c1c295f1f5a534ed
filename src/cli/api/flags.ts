import { Argument, Option } from 'commander';
import { collectPair } from '../values.ts';
import type { Api, Operation, Parameter } from './document.ts';
import { kebab } from './names.ts';
import { idPrefixOf, isAccount, isAmount, readerOf } from './read-value.ts';
import { type Field, type Shape, shapeOf, shapeOfParameter } from './shape.ts';

/** An option of a command, and where its value goes. */
export type Flag = {
  readonly option: Option;
  /** `--no-…`: gives `absent` in its place. */
  readonly opposite: Option | undefined;
  readonly absent: unknown;
  readonly place: 'query' | 'body';
  /** The names that lead to the value: `address`, `line1`. */
  readonly path: readonly string[];
  readonly shape: Shape;
  readonly isRequired: boolean;
};

/** Whether a value has to be given: always, or once another one of the optional `within` is. */
type Need = { readonly isRequired: boolean; readonly within: string | undefined };

/** An argument that stands in the path of the operation, or in its body. */
export type Positional = {
  readonly argument: Argument;
  readonly place: 'path' | 'body';
  readonly name: string;
  readonly shape: Shape;
};

/** What every list takes, in options of its own (see pages.ts). */
const PAGE_PARAMETERS = ['limit', 'cursor'];

export function isPaged({ parameters }: Operation): boolean {
  return parameters.some((one) => one.in === 'query' && one.name === 'cursor');
}

/** The arguments of an operation: the ids in its path, then the fields of its body that are to stand there. */
export function positionalsOf(operation: Operation, api: Api, inBody: readonly string[] = []): Positional[] {
  const ofPath = operation.parameters
    .filter((parameter) => parameter.in === 'path')
    .toSorted((one, other) => placeIn(operation, one) - placeIn(operation, other))
    .map((parameter): Positional => {
      const shape = shapeOfParameter(parameter, api.schemas);
      const argument = argumentOf(metavarOf(operation, parameter), parameter.name, shape);
      return { argument, place: 'path', name: parameter.name, shape };
    });
  const fields = bodyFields(operation, api);
  const ofBody = inBody.map((name): Positional => {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) throw new TypeError(`${operation.id} has no ${name}`);
    return { argument: argumentOf(kebab(name), name, field.shape), place: 'body', name, shape: field.shape };
  });
  return [...ofPath, ...ofBody];
}

/** The options of an operation, from its query and its body; `except` names fields of the body without one. */
export function flagsOf(operation: Operation, api: Api, except: readonly string[] = []): Flag[] {
  const ofQuery = operation.parameters
    .filter(({ in: place, name }) => place === 'query' && !PAGE_PARAMETERS.includes(name))
    .map((parameter) => {
      const shape = shapeOfParameter(parameter, api.schemas);
      const isRequired = parameter.required === true;
      return flagOf('query', [parameter.name], shape, { isRequired, within: undefined });
    });
  const taken = new Set(ofQuery.map(({ option }) => option.long));
  const ofBody = bodyFields(operation, api)
    .filter(({ name }) => !except.includes(name))
    .flatMap((field) => flagsOfField(field, []))
    // The same in the query and in the body is asked for once.
    .filter(({ option }) => !taken.has(option.long));
  return [...ofQuery, ...ofBody];
}

export function bodyFields({ body }: Operation, api: Api): readonly Field[] {
  if (body === undefined) return [];
  const shape = shapeOf(body, api.schemas);
  return shape.kind === 'object' ? shape.fields : [];
}

/** A field that is an object has an option for each of its own: `--address.line1`. */
function flagsOfField({ name, shape, isRequired }: Field, above: readonly string[], within?: string): Flag[] {
  const path = [...above, name];
  if (shape.kind === 'object' && !shape.isNullable) {
    const optional = isRequired ? within : path.map(kebab).join('.');
    return shape.fields.flatMap((field) => flagsOfField(field, path, optional));
  }
  return [flagOf('body', path, shape, { isRequired, within })];
}

function flagOf(place: Flag['place'], path: readonly string[], shape: Shape, need: Need): Flag {
  const name = path.at(-1) ?? '';
  const isList = shape.kind === 'list';
  const long = [...path.slice(0, -1), isList ? singular(name) : name].map(kebab).join('.');
  const flags = shape.kind === 'boolean' ? `--${long}` : `--${long} <${valueName(name, shape)}>`;
  const option = new Option(flags, describe(name, shape, need));
  readInto(option, name, shape);
  const isOptional = shape.isNullable || shape.kind === 'boolean' || isList;
  const opposite = isOptional ? oppositeOf(long, shape) : undefined;
  const absent = shape.kind === 'boolean' ? false : isList ? [] : null;
  return { option, opposite, absent, place, path, shape, isRequired: need.isRequired };
}

function oppositeOf(long: string, shape: Shape): Option {
  const says = shape.kind === 'boolean' ? `the opposite of --${long}` : `without --${long}`;
  return new Option(`--no-${long}`, says).hideHelp(shape.kind === 'list');
}

function readInto(option: Option, name: string, shape: Shape): void {
  if (shape.kind === 'map') {
    option.argParser(collectPair);
    return;
  }
  if (shape.kind === 'boolean') return;
  const item = shape.kind === 'list' ? shape.item : shape;
  if (item.kind === 'text' && item.choices !== undefined) option.choices([...item.choices]);
  const read = readerOf(name, item);
  if (shape.kind !== 'list') option.argParser((text: string) => read(text));
  else
    option.argParser((text: string, before: readonly unknown[] | undefined) => [
      ...(before ?? []),
      read(text),
    ]);
}

function argumentOf(metavar: string, name: string, shape: Shape): Argument {
  const read = readerOf(name, shape);
  return new Argument(
    `<${metavar}>`,
    describe(name, shape, { isRequired: false, within: undefined }),
  ).argParser((text: string) => read(text));
}

/** What an id in a path is of: `account` for the `{id}` behind `accounts`. */
function metavarOf({ path }: Operation, { name }: Parameter): string {
  const segments = path.split('/');
  const before = segments[segments.indexOf(`{${name}}`) - 1] ?? name;
  return name === 'id' ? singular(before) : kebab(name.replace(/Id$/, ''));
}

function placeIn({ path }: Operation, { name }: Parameter): number {
  return path.indexOf(`{${name}}`);
}

function valueName(name: string, shape: Shape): string {
  if (shape.kind === 'map') return 'key=value';
  if (shape.kind === 'list') return valueName(singular(name), shape.item);
  if (shape.kind === 'object') return 'name=value,…';
  if (shape.kind === 'number') return shape.isInteger ? 'count' : 'number';
  if (shape.kind !== 'text') return 'json';
  if (isAccount(shape)) return 'account';
  if (idPrefixOf(shape) !== undefined) return 'id';
  if (isAmount(shape)) return 'amount';
  if (shape.format === 'date') return 'date';
  if (shape.format === 'date-time') return 'instant';
  return /^(currency|iban|email)$/i.test(name) ? name : shape.choices === undefined ? 'text' : 'choice';
}

function describe(name: string, shape: Shape, { isRequired, within }: Need): string {
  const mark = isRequired ? ` (required${within === undefined ? '' : ` with --${within}.…`})` : '';
  const repeated = shape.kind === 'list' || shape.kind === 'map' ? '; may be repeated' : '';
  return `${aboutValue(name, shape)}${namesIn(shape)}${repeated}${mark}`;
}

/** The names that a value of several fields takes: what `name=value,…` cannot tell. */
function namesIn(shape: Shape): string {
  const item = shape.kind === 'list' ? shape.item : shape;
  return item.kind === 'object' ? `: ${item.fields.map((field) => field.name).join(', ')}` : '';
}

/** One line of help: what the document says, or the name in words. */
function aboutValue(name: string, shape: Shape): string {
  if (isAccount(shape)) return 'id, IBAN or number of the account';
  const prefix = idPrefixOf(shape);
  if (prefix !== undefined) return `the id, ${prefix}_…`;
  const description = shape.description ?? (shape.kind === 'list' ? shape.item.description : undefined);
  if (description === undefined) return kebab(name).replaceAll('-', ' ');
  return description.replaceAll(/\s*\n\s*/g, ' ').replace(/\.$/, '');
}

function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');
}
