import { commonError, type FlorinError, isInvalidInput } from './errors.ts';

type Checks = Readonly<Record<string, () => unknown>>;
type Checked<Named extends Checks> = { readonly [Name in keyof Named]: ReturnType<Named[Name]> };

/**
 * The values of all checks, by their names. Where some refuse their fields with 400, it throws one refusal that names the
 * fields of all of them: whoever corrects a request learns everything at once. Any other error is thrown as it is.
 */
export function checkAll<Named extends Checks>(checks: Named): Checked<Named> {
  const refusals: FlorinError[] = [];
  // A transfer comes here three times: a loop costs a third of lists of entries.
  const values: Record<string, unknown> = {};
  for (const name in checks) values[name] = attempt(checks[name] as () => unknown, refusals);
  if (refusals.length > 0) throw together(refusals);
  return values as Checked<Named>;
}

/** The same for each item of a list. */
export function checkEach<Item, Value>(
  items: readonly Item[],
  check: (item: Item, index: number) => Value,
): Value[] {
  const refusals: FlorinError[] = [];
  const values = items.map((item, index) => attempt(() => check(item, index), refusals));
  if (refusals.length > 0) throw together(refusals);
  return values.filter((value) => value !== undefined);
}

function attempt<Value>(check: () => Value, refusals: FlorinError[]): Value | undefined {
  try {
    return check();
  } catch (error) {
    if (!isAboutFields(error)) throw error;
    refusals.push(error);
    return undefined;
  }
}

/** Codes that say no more than their fields do. */
const FIELD_CODES: ReadonlySet<string> = new Set(['invalid_amount', 'validation_failed']);

function isAboutFields(error: unknown): error is FlorinError {
  return isInvalidInput(error) && FIELD_CODES.has(error.code) && error.fields.length > 0;
}

/** One refusal that names the fields of all, with their code if they have one. */
function together(refusals: readonly FlorinError[]): FlorinError {
  const [first, ...rest] = refusals;
  if (first !== undefined && rest.length === 0) return first;
  const all = refusals.flatMap((refusal) => refusal.fields);
  const fields = all.filter(({ path }, index) => all.findIndex((field) => field.path === path) === index);
  const isOnlyAmounts = refusals.every(({ code }) => code === 'invalid_amount');
  const detail = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return commonError(isOnlyAmounts ? 'invalid_amount' : 'validation_failed', {
    message: `${detail}.`,
    fields,
  });
}
