import { commonError, FlorinError, isInvalidInput, sentenceOf } from './errors.ts';
import { UnjudgedError } from './unjudged.ts';

type Checks = Readonly<Record<string, () => unknown>>;
type Checked<Named extends Checks> = { readonly [Name in keyof Named]: ReturnType<Named[Name]> };

/**
 * The values of all checks, by their names. Where some refuse their fields with 400, it throws one refusal that names the
 * fields of all of them: whoever corrects a request learns everything at once. A check that reads a value which was
 * refused before is left out. Any other error is thrown as it is.
 */
export function checkAll<Named extends Checks>(checks: Named): Checked<Named> {
  const refusals: Refusal[] = [];
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
  const refusals: Refusal[] = [];
  const values = items.map((item, index) => attempt(() => check(item, index), refusals));
  if (refusals.length > 0) throw together(refusals);
  return values.filter((value) => value !== undefined);
}

function attempt<Value>(check: () => Value, refusals: Refusal[]): Value | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof UnjudgedError) && !isAboutFields(error)) throw error;
    refusals.push(error);
    return undefined;
  }
}

type Refusal = FlorinError | UnjudgedError;

function isAboutFields(error: unknown): error is FlorinError {
  return isInvalidInput(error) && error.fields.length > 0;
}

/**
 * One refusal that names the fields of all, with their code if it is the same: a code that says more than its fields
 * stands where it is alone.
 */
function together(all: readonly Refusal[]): Refusal {
  const refusals = all.filter((one) => one instanceof FlorinError);
  const [first = all[0], ...rest] = refusals;
  if (first !== undefined && rest.length === 0) return first;
  const named = refusals.flatMap((refusal) => refusal.fields);
  const fields = named.filter(({ path }, index) => named.findIndex((one) => one.path === path) === index);
  const isOne = refusals.every(({ code }) => code === refusals[0]?.code);
  if (first !== undefined && isOne && fields.length === refusals[0]?.fields.length) return first;
  const isOnlyAmounts = refusals.every(({ code }) => code === 'invalid_amount');
  return commonError(isOnlyAmounts ? 'invalid_amount' : 'validation_failed', {
    message: sentenceOf(fields, ': '),
    fields,
  });
}
