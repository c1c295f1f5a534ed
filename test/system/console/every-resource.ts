import { accountingActs } from '#test/database/api/accounting-acts.ts';
import { bankActs, type Prepare } from '#test/database/api/bank-acts.ts';
import { makeWorld, type World } from '#test/database/api/worlds.ts';
import { created, type TestApi } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import type { Resource } from '../../../console/src/resources/resource.ts';

/** A bank in which each list has a row: where each of its lists and records is. */
export type WholeBank = { readonly placeOf: (resource: Resource) => string };

/** Codes that stand in addresses: of a product, a rate, a currency, a line of the chart, a report. */
const CODES: Readonly<Record<string, string>> = {
  'product-versions': 'stepped',
  'reference-rate-values': 'BASE',
  'exchange-rate-values': 'USD',
  'gl-account-lines': '1000',
  'report-layouts': 'balance-sheet',
};

/** What lists need to be told before they answer. */
const QUERIES: Readonly<Record<string, string>> = { 'unsettled-captures': '?currency=EUR' };

const ABOUT: Readonly<Record<string, keyof World>> = {
  'account-balance': 'acc',
  'account-fees': 'acc',
  'account-interest': 'acc',
  'account-limits': 'acc',
  'account-lines': 'acc',
  'balance-confirmation': 'acc',
  'balance-explanation': 'acc',
  'fee-preview': 'acc',
  'interest-certificate': 'acc',
  statement: 'acc',
  statements: 'acc',
  batches: 'bat',
  beneficiaries: 'cus',
  'customer-export': 'cus',
  'tax-exemptions': 'cus',
  executions: 'so',
  'loan-schedule': 'loan',
  'loan-security': 'loan',
  'loan-statement': 'loan',
  'loan-transactions': 'loan',
  submissions: 'sub',
  'time-deposit-closure': 'dep',
  'time-deposit-events': 'dep',
};

/** What the world of an account lacks, each made on its own. */
export function missingThings(api: TestApi, world: World): readonly Prepare[] {
  const [books, bank] = [accountingActs(api), bankActs(api)];
  const put = (path: string, body: object) => api.raw('PUT', path, JSON.stringify(body));
  const named = (acts: Readonly<Record<string, Prepare>>, ...names: readonly string[]) =>
    names.flatMap((name) => acts[name] ?? []);
  return [
    ...named(books, 'createJournalEntry', 'closePeriod', 'closeYear'),
    ...named(bank, 'addProductVersion', 'setReferenceRate', 'setExchangeRate', 'convertCurrency'),
    async () => () => put('/v1/role-limits', ROLE_LIMIT),
    async () => () => put('/v1/limits', { currency: 'EUR', perDay: '5000.00' }),
    async () => () => api.post('/v1/holidays', { date: '2030-05-01', name: 'Labour Day' }),
    async () => {
      const { id: accountId } = await api.newAccount({ balance: '100.00' });
      const hold = { accountId, amount: '1.00', currency: 'EUR' };
      const { id } = created(await api.pay<{ id: string }>('/v1/holds', hold));
      return () => api.pay(`/v1/holds/${id}/capture`, {});
    },
    async () => {
      const { businessDate } = await api.bank.endOfDay.progress();
      await api.bank.endOfDay.closeThrough(TEST_CALLER, businessDate);
      return () => api.post(`/v1/accounts/${world.acc}/statements`, {});
    },
  ];
}

const ROLE_LIMIT = { role: 'teller', currency: 'EUR', perTransaction: '1000.00', perDay: null };

/** Makes one of each thing that the bank can have. */
export async function makeWholeBank(api: TestApi): Promise<WholeBank> {
  const world = await makeWorld(api.bank);
  for (const prepare of missingThings(api, world)) created(await (await prepare())());
  return wholeBankOf(world);
}

export function wholeBankOf(world: World): WholeBank {
  return {
    placeOf: ({ name }) => {
      const param = CODES[name] ?? world[ABOUT[name] ?? ''] ?? '';
      return `/resources/${name}/${param}${QUERIES[name] ?? ''}`;
    },
  };
}
