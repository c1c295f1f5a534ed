/** What is done at the counter of an account. */
export const COUNTER_ACTS = ['deposit', 'withdraw', 'transfer'] as const;
export type CounterAct = (typeof COUNTER_ACTS)[number];

export function isCounterAct(text: unknown): text is CounterAct {
  return COUNTER_ACTS.some((act) => act === text);
}
