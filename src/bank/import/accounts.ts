import { findProduct } from '#features/products/contract.ts';
import { validationFailed } from '#lib/errors.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { OPERATOR } from '../operator-door.ts';
import type { Services } from '../services.ts';
import { each, type Importer, problemsOf, type RowResult } from './importer.ts';
import type { ImportRow } from './read-rows.ts';

/** Accounts, known by their id in the other system, of customers that were imported before. */
export function accountImporter({ accounts, customers, context }: Services): Importer {
  /** What opens the account of a row. Throws 400 `validation_failed`. */
  async function requestOf({ values, metadata }: ImportRow) {
    const { externalId, customerExternalId, product: code = '', overdraftLimit = '0' } = values;
    const currency = requireCurrency(values.currency ?? '');
    const [customer] = await customers.list(OPERATOR, { externalId: customerExternalId, limit: 1 });
    if (customer === undefined) {
      throw validationFailed({
        path: 'customerExternalId',
        message: 'is not a customer: import customers first',
      });
    }
    const product = await findProduct(context.db, context.bookId, { code, currency });
    if (product === undefined) {
      throw validationFailed({ path: 'product', message: `is not a product in ${currency}` });
    }
    const overdraftLimitMinor = parseAmountOrZero(overdraftLimit, currency, 'overdraftLimit');
    product.assertOverdraft(overdraftLimitMinor);
    return { customerId: customer.id, product: code, currency, overdraftLimitMinor, externalId, metadata };
  }

  async function open(row: ImportRow): Promise<RowResult> {
    const { externalId } = row.values;
    const known = await accounts.list(OPERATOR, { externalId, limit: 1 });
    if (known.length > 0) return 'known';
    try {
      await accounts.open(OPERATOR, await requestOf(row));
      return 'imported';
    } catch (error) {
      return problemsOf(error);
    }
  }

  return {
    check: async (row) => {
      try {
        await requestOf(row);
        return [];
      } catch (error) {
        return problemsOf(error);
      }
    },
    store: (rows) => each(rows, open),
  };
}
