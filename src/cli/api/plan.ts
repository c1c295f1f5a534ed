import type { Api, Operation } from './document.ts';
import { bodyFields, type Flag, flagsOf, isPaged, type Positional, positionalsOf } from './flags.ts';
import { ARGUMENTS, COLUMNS, COMPLETIONS, type Complete, NEW_PASSWORDS, type Shortcut } from './manners.ts';
import { type Field, type Shape, shapeOf } from './shape.ts';

/** Everything about a command that the document and the manners say. */
export type Plan = {
  readonly operation: Operation;
  readonly positionals: readonly Positional[];
  readonly flags: readonly Flag[];
  readonly fields: readonly Field[];
  /** Fields that are asked for without showing them. */
  readonly secrets: readonly { readonly name: string; readonly isNew: boolean }[];
  readonly shortcut: Shortcut | undefined;
  readonly complete: Complete | undefined;
  readonly isPaged: boolean;
  /** Whether it takes an Idempotency-Key. */
  readonly isKeyed: boolean;
  /** Whether it takes the ETag of what it changes, and whether it has to be named. */
  readonly isConditional: boolean;
  readonly mustBeConditional: boolean;
  /** What it answers; made when it is needed. */
  readonly answer: () => Shape | undefined;
  /** What its dry run answers. */
  readonly preview: () => Shape | undefined;
  readonly columns: readonly string[] | undefined;
};

export function planOf(operation: Operation, api: Api, shortcut?: Shortcut): Plan {
  const { id, parameters, answer, preview } = operation;
  const fields = bodyFields(operation, api);
  const secrets = fields
    .filter(({ name }) => /password$/i.test(name))
    .map(({ name }) => ({ name, isNew: NEW_PASSWORDS[id]?.includes(name) === true }));
  const inBody = ARGUMENTS[id] ?? [];
  const taken = [
    ...inBody,
    ...secrets.map(({ name }) => name),
    ...(shortcut?.arguments.map(({ name }) => name) ?? []),
    ...(shortcut?.hidden ?? []),
  ];
  const headerOf = (name: string) =>
    parameters.find((one) => one.in === 'header' && one.name.toLowerCase() === name);
  return {
    operation,
    positionals: positionalsOf(operation, api, inBody),
    flags: flagsOf(operation, api, taken),
    fields,
    secrets,
    shortcut,
    complete: shortcut?.complete ?? COMPLETIONS[id],
    isPaged: isPaged(operation),
    isKeyed: headerOf('idempotency-key') !== undefined,
    isConditional: headerOf('if-match') !== undefined,
    mustBeConditional: headerOf('if-match')?.required === true,
    answer: () => answer && shapeOf(answer, api.schemas),
    preview: () => preview && shapeOf(preview, api.schemas),
    columns: COLUMNS[id],
  };
}
