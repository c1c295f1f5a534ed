import type { Answer, TestApi } from '#test/support/api.ts';

/** Prepares what the operation needs, and returns the call that is to leave one row. */
export type Prepare = () => Promise<() => Promise<Answer>>;

/** What is done to the bank itself. */
export function bankActs(api: TestApi): Readonly<Record<string, Prepare>> {
  return {
    changeBank: async () => () => api.patch('/v1/bank', { city: 'Bremen' }, undefined),
    enableCurrency: async () => () => api.post('/v1/currencies/NOK/enable', {}),
  };
}
