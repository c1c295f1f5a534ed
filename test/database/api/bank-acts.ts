import { type Answer, created, type TestApi } from '#test/support/api.ts';

/** Prepares what the operation needs, and returns the call that is to leave one row. */
export type Prepare = () => Promise<() => Promise<Answer>>;

const product = (code: string) => ({ code, currency: 'EUR', kind: 'savings', name: 'Savings' });

/** What is done to the bank itself. */
export function bankActs(api: TestApi): Readonly<Record<string, Prepare>> {
  return {
    changeBank: async () => () => api.patch('/v1/bank', { city: 'Bremen' }, undefined),
    createProduct: async () => () => api.post('/v1/products', product('instant')),
    addProductVersion: async () => {
      created(await api.post('/v1/products', product('stepped')));
      const version = { currency: 'EUR', effectiveFrom: '2999-01-01', appliesTo: 'new_accounts' };
      return () => api.post('/v1/products/stepped/versions', version);
    },
    setReferenceRate: async () => () => api.raw('PUT', '/v1/reference-rates/BASE', '{"rate":"2.15"}'),
    enableCurrency: async () => () => api.post('/v1/currencies/NOK/enable', {}),
  };
}
