import { OPERATIONS, type Resources } from '#sdk/generated/operations.ts';
import type { CallOptions, List, OperationName } from '#sdk/index.ts';
import { bank } from './session.ts';

/** A call of the SDK by its name: `accounts.get`. */
type Call<Name extends OperationName> = Name extends `${infer Resource}.${infer Verb}`
  ? Resource extends keyof Resources
    ? Verb extends keyof Resources[Resource]
      ? Resources[Resource][Verb]
      : never
    : never
  : never;
type Any = (...args: never[]) => unknown;
type Returned<Name extends OperationName> = Call<Name> extends Any ? ReturnType<Call<Name>> : never;

export type ListName = {
  [Name in OperationName]: Returned<Name> extends List<unknown> ? Name : never;
}[OperationName];
export type AnswerName = Exclude<OperationName, ListName>;
/** With fields that are not known yet, such as a filter that nobody set: they are left out. */
type Loose<Given> = Given extends object ? { [Field in keyof Given]: Given[Field] | undefined } : Given;
type AllLoose<Given extends readonly unknown[]> = { [Place in keyof Given]: Loose<Given[Place]> };
/** What a call takes: ids, and a body or a query. */
export type Args<Name extends OperationName> =
  Call<Name> extends Any ? AllLoose<Parameters<Call<Name>>> : never;
export type Answer<Name extends AnswerName> = Awaited<Returned<Name>>;
export type Item<Name extends ListName> = Returned<Name> extends List<infer Row> ? Row : never;

/** Calls by name, for what keeps answers by the names of their calls. Throws what the call throws. */
export function ask<Name extends AnswerName>(
  name: Name,
  args: Args<Name>,
  options: CallOptions,
): Promise<Answer<Name>> {
  return invoke(name, args, options) as Promise<Answer<Name>>;
}

export function listOf<Name extends ListName>(
  name: Name,
  args: Args<Name>,
  options: CallOptions,
): List<Item<Name>> {
  return invoke(name, args, options) as List<Item<Name>>;
}

type Table = Readonly<
  Record<string, Readonly<Record<string, readonly [string, path: string, takes: string]>>>
>;
type Methods = Readonly<Record<string, Readonly<Record<string, (...args: unknown[]) => unknown>>>>;

/** The options come last: behind the ids, and behind the body or query where the call takes one. */
function invoke(name: OperationName, args: readonly unknown[], options: CallOptions): unknown {
  const [resource = '', verb = ''] = name.split('.');
  const [, path = '', takes] = (OPERATIONS as unknown as Table)[resource]?.[verb] ?? [];
  const ids = args.slice(0, path.split('{').length - 1);
  const input = takes === 'nothing' ? [] : [args[ids.length] ?? {}];
  return (bank as unknown as Methods)[resource]?.[verb]?.(...ids, ...input, options);
}
