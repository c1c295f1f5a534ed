/**
 * One attempt at something that must happen once: a key that is made when its form opens, and what was typed. Both are
 * kept for the tab until it succeeded or is given up, so that a reload, a second try or a lost network all send the same
 * key, and the bank does it once.
 */
export type Attempt<Form extends object> = {
  readonly key: string;
  readonly form: Form;
  /** When it was sent and no answer was heard; undefined while it is being filled in. */
  readonly sentAt: string | undefined;
};

const PREFIX = 'attempt:';

/** The attempt under a name, such as `deposit:acc_…`, or a new one. */
export function openAttempt<Form extends object>(name: string, empty: Form): Attempt<Form> {
  const kept = sessionStorage.getItem(PREFIX + name);
  if (kept !== null) {
    const attempt = readAttempt(kept, empty);
    if (attempt !== undefined) return attempt;
  }
  return { key: crypto.randomUUID(), form: empty, sentAt: undefined };
}

export function keepAttempt<Form extends object>(name: string, attempt: Attempt<Form>): void {
  sessionStorage.setItem(PREFIX + name, JSON.stringify(attempt));
}

export function endAttempt(name: string): void {
  sessionStorage.removeItem(PREFIX + name);
}

/** At logout: the next person at this desk sees nothing of it. */
export function endAllAttempts(): void {
  for (const name of Object.keys(sessionStorage))
    if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
}

/** What was begun at this desk and has not ended, by what it is and the account that it is for. */
export function keptAttempts(): { act: CounterAct; accountId: string; sentAt: string | undefined }[] {
  return Object.keys(sessionStorage)
    .filter((name) => name.startsWith(PREFIX))
    .flatMap((name) => {
      const [, act = '', accountId = ''] = name.split(':');
      const attempt = readAttempt(sessionStorage.getItem(name) ?? '', {});
      return isCounterAct(act) && attempt !== undefined ? [{ act, accountId, sentAt: attempt.sentAt }] : [];
    })
    .toSorted((a, b) => a.accountId.localeCompare(b.accountId));
}

/** What is done at the counter of an account. */
export const COUNTER_ACTS = ['deposit', 'withdraw', 'transfer'] as const;
export type CounterAct = (typeof COUNTER_ACTS)[number];

export function isCounterAct(text: unknown): text is CounterAct {
  return COUNTER_ACTS.some((act) => act === text);
}

function readAttempt<Form extends object>(text: string, empty: Form): Attempt<Form> | undefined {
  try {
    const { key, form, sentAt } = JSON.parse(text);
    if (typeof key !== 'string' || typeof form !== 'object' || form === null) return undefined;
    return { key, form: { ...empty, ...form }, sentAt: typeof sentAt === 'string' ? sentAt : undefined };
  } catch {
    return undefined;
  }
}
