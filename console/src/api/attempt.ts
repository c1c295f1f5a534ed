/** What an attempt is called at the desk, and where its form is. */
export type AttemptPlace = { readonly title: string; readonly href: string };

/**
 * One attempt at something that must happen once: a key that is made when its form opens, and what was typed. Both are
 * kept for the tab until it succeeded or is given up, so that a reload, a second try or a lost network all send the same
 * key, and the bank does it once.
 */
export type Attempt<Form extends object> = AttemptPlace & {
  readonly key: string;
  readonly form: Form;
  /** When it was sent and no answer was heard; undefined while it is being filled in. */
  readonly sentAt: string | undefined;
};

const PREFIX = 'attempt:';

/** The attempt under a name, such as `deposit:acc_…`, or a new one. */
export function openAttempt<Form extends object>(
  name: string,
  empty: Form,
  place: AttemptPlace,
): Attempt<Form> {
  const kept = readAttempt(sessionStorage.getItem(PREFIX + name));
  if (kept !== undefined) return { ...kept, form: { ...empty, ...kept.form } };
  return { ...place, key: crypto.randomUUID(), form: empty, sentAt: undefined };
}

export function keepAttempt<Form extends object>(name: string, attempt: Attempt<Form>): void {
  sessionStorage.setItem(PREFIX + name, JSON.stringify(attempt));
}

export function endAttempt(name: string): void {
  sessionStorage.removeItem(PREFIX + name);
}

/** At logout: the next person at this desk sees nothing of it. */
export function endAllAttempts(): void {
  for (const name of keptNames()) sessionStorage.removeItem(name);
}

/** What was begun at this desk and has not ended: first what was sent and not answered. */
export function keptAttempts(): readonly (AttemptPlace & { readonly sentAt: string | undefined })[] {
  return keptNames()
    .map((name) => readAttempt(sessionStorage.getItem(name)))
    .filter((attempt) => attempt !== undefined)
    .toSorted((a, b) => (b.sentAt ?? '').localeCompare(a.sentAt ?? '') || a.title.localeCompare(b.title));
}

function keptNames(): string[] {
  return Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
}

/** Undefined for what this version of the console did not write. */
function readAttempt(text: string | null): Attempt<object> | undefined {
  try {
    const { key, form, sentAt, title, href } = JSON.parse(text ?? 'null');
    const isOurs = [key, title, href].every((value) => typeof value === 'string');
    if (!isOurs || typeof form !== 'object' || form === null) return undefined;
    return { key, form, title, href, sentAt: typeof sentAt === 'string' ? sentAt : undefined };
  } catch {
    return undefined;
  }
}
