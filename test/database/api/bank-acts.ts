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
    setExchangeRate: async () => () =>
      api.post('/v1/exchange-rates', { pair: 'EUR/USD', bid: '1.08', ask: '1.09' }),
    convertCurrency: async () => {
      const [from, to] = [
        await api.newAccount({ balance: '100.00' }),
        await api.newAccount({ currency: 'USD' }),
      ];
      const own = { pair: 'EUR/USD', rate: '1.085' };
      const body = { fromAccountId: from.id, toAccountId: to.id, amount: '5.00', currency: 'EUR', ...own };
      return () => api.pay('/v1/conversions', body);
    },
    enableCurrency: async () => () => api.post('/v1/currencies/NOK/enable', {}),
  };
}
