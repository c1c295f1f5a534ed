import { isObject } from '#lib/json-object.ts';
import { UsageError } from '../failures.ts';
import { readPasswords } from '../prompt.ts';
import type { Shell } from '../shell.ts';
import { Accounts } from './accounts.ts';
import { type Ask, type Call, fieldsOf } from './ask.ts';
import { type Fields, readBody, requireFields, withValue } from './body.ts';
import type { Flag } from './flags.ts';
import type { Plan } from './plan.ts';
import { isAccount } from './read-value.ts';
import type { Shape } from './shape.ts';

/** What was given on the command line. */
export type Given = {
  readonly arguments: readonly unknown[];
  readonly options: Fields;
  /** For a POST that moves money. */
  readonly idempotencyKey: string;
};

/** A call as far as it can be made without asking the bank. */
export type Draft = {
  readonly path: ReadonlyMap<string, string>;
  readonly query: Fields;
  readonly body: Fields | undefined;
};

/** Makes the call that a command line means. Throws UsageError for what is missing or contradicts itself. */
export async function draftOf(shell: Shell, plan: Plan, given: Given): Promise<Draft> {
  const { positionals, flags, fields, shortcut } = plan;
  const path = new Map<string, string>();
  const { body: source } = given.options;
  let body = await readBody(shell, typeof source === 'string' ? source : undefined);
  for (const [index, { place, name }] of positionals.entries()) {
    const value = given.arguments[index];
    if (place === 'path') path.set(name, String(value));
    else body = withValue(body, [name], value);
  }
  for (const [index, { name }] of (shortcut?.arguments ?? []).entries()) {
    body = withValue(body, [name], given.arguments[positionals.length + index]);
  }
  let query: Fields = {};
  for (const flag of flags) {
    const value = givenFor(flag, given.options);
    if (value === undefined) continue;
    if (flag.place === 'query') query = { ...query, [flag.path[0] ?? '']: value };
    else body = withValue(body, flag.path, value);
  }
  checkPeriod(query);
  const secrets = plan.secrets.map(({ name }) => name);
  const waitFor = [...(shortcut?.found ?? []), ...(shortcut?.hidden ?? []), ...secrets];
  requireFields(
    body,
    fields.filter(({ name }) => !waitFor.includes(name)),
    flags,
  );
  const withSecrets = await readSecrets(shell, plan, given.options, body);
  return { path, query, body: plan.operation.body === undefined ? undefined : withSecrets };
}

/** Two options of one name, of which `--no-…` gives what takes the value away. */
function givenFor({ option, opposite, absent }: Flag, options: Fields): unknown {
  const value = options[option.attributeName()];
  return opposite !== undefined && value === false ? absent : value;
}

async function readSecrets(shell: Shell, { secrets }: Plan, options: Fields, body: Fields): Promise<Fields> {
  const missing = secrets.filter(({ name }) => body[name] === undefined);
  if (missing.length === 0) return body;
  return { ...body, ...(await readPasswords(shell, missing, options.passwordStdin === true)) };
}

/** Dates in this form are in the order of their letters. */
function checkPeriod({ from, to }: Fields): void {
  if (typeof from === 'string' && typeof to === 'string' && from > to) {
    throw new UsageError(`--from ${from} is after --to ${to}`);
  }
}

/** The call itself: accounts by their ids, what a body still needs, and the version of what it changes. */
export async function completeCall(plan: Plan, draft: Draft, given: Given, ask: Ask): Promise<Call> {
  const { operation, positionals, isKeyed, complete } = plan;
  const accounts = new Accounts(ask);
  let path = operation.path;
  for (const { name, place, shape } of positionals) {
    if (place !== 'path') continue;
    const value = draft.path.get(name) ?? '';
    path = path.replace(
      `{${name}}`,
      encodeURIComponent(isAccount(shape) ? await accounts.idOf(value) : value),
    );
  }
  const ofQuery = plan.flags.map(({ path, shape }) => ({ name: path[0] ?? '', shape }));
  const query = await withIds(draft.query, ofQuery, accounts);
  const named = draft.body && (await withIds(draft.body, plan.fields, accounts));
  const body = named && complete ? await complete(named, { ask, accounts, path }) : named;
  return {
    method: operation.method,
    path: `${path}${queryText(query)}`,
    headers: {
      ...(isKeyed ? { 'idempotency-key': given.idempotencyKey } : {}),
      ...(await conditionOf(plan, given.options, path, ask)),
    },
    body: body && JSON.stringify(body),
  };
}

/** The values with ids in the place of accounts that are named by IBAN or number. */
async function withIds(
  values: Fields,
  fields: readonly { readonly name: string; readonly shape: Shape }[],
  accounts: Accounts,
): Promise<Fields> {
  let found = values;
  for (const { name, shape } of fields) {
    const value = values[name];
    if (isAccount(shape) && typeof value === 'string') {
      found = { ...found, [name]: await accounts.idOf(value) };
    }
  }
  return found;
}

/** What was read, or where a version has to be named, what is there now: the change is meant for that. */
async function conditionOf(
  { isConditional, mustBeConditional }: Plan,
  { ifMatch }: Fields,
  path: string,
  ask: Ask,
): Promise<Record<string, string>> {
  if (isConditional && typeof ifMatch === 'string') return { 'if-match': ifMatch };
  if (!mustBeConditional) return {};
  const answer = await ask({ method: 'GET', path });
  fieldsOf(answer);
  return { 'if-match': answer.headers.get('etag') ?? '*' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function queryText(query: Fields): string {
  const parameters = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => {
      if (value === undefined) return [];
      if (!isObject(value)) return [[name, textOf(value)]];
      return Object.entries(value).map(([key, text]) => [`${name}[${key}]`, textOf(text)]);
    }),
  );
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
