import { findProduct } from '#features/products/contract.ts';
import { validationFailed } from '#lib/errors.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { OPERATOR } from '../operator-door.ts';
import type { Services } from '../services.ts';
import { each, type Importer, problemsOf, RowProblems, type RowResult } from './importer.ts';
import type { ImportRow } from './read-rows.ts';

/** Accounts, known by their id in the other system, of customers that were imported before. */
export function accountImporter({ accounts, customers, context }: Services): Importer {
  /** What opens the account of a row; undefined where something is wrong with it, which is noted. */
  async function requestOf({ values, metadata }: ImportRow, problems: RowProblems) {
    const { externalId, customerExternalId, product: code = '', overdraftLimit = '0' } = values;
    const customer = await problems.collect(() => customerOf(customerExternalId));
    const currency = await problems.collect(() => requireCurrency(values.currency ?? ''));
    if (currency === undefined) return undefined;
    const product = await problems.collect(() => productOf(code, currency));
    const overdraftLimitMinor = await problems.collect(() =>
      parseAmountOrZero(overdraftLimit, currency, 'overdraftLimit'),
    );
    if (product === undefined || overdraftLimitMinor === undefined) return undefined;
    await problems.collect(() => product.assertOverdraft(overdraftLimitMinor));
    if (customer === undefined) return undefined;
    return { customerId: customer.id, product: code, currency, overdraftLimitMinor, externalId, metadata };
  }

  async function customerOf(externalId: string | undefined) {
    const [customer] = await customers.list(OPERATOR, { externalId, limit: 1 });
    if (customer !== undefined) return customer;
    throw validationFailed({
      path: 'customerExternalId',
      message: 'is not a customer: import customers first',
    });
  }

  async function productOf(code: string, currency: Currency) {
    const product = await findProduct(context.db, context.bookId, { code, currency });
    if (product !== undefined) return product;
    throw validationFailed({ path: 'product', message: `is not a product in ${currency}` });
  }

  async function open(row: ImportRow): Promise<RowResult> {
    const { externalId } = row.values;
    const known = await accounts.list(OPERATOR, { externalId, limit: 1 });
    if (known.length > 0) return 'known';
    const problems = new RowProblems();
    const request = await requestOf(row, problems);
    if (request === undefined || problems.all.length > 0) return problems.all;
    try {
      await accounts.open(OPERATOR, request);
      return 'imported';
    } catch (error) {
      return problemsOf(error);
    }
  }

  return {
    check: async (row) => {
      const problems = new RowProblems();
      await requestOf(row, problems);
      return problems.all;
    },
    store: (rows) => each(rows, open),
  };
}
