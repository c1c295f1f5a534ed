import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currencyOfCountry } from '#lib/money/country-currencies.ts';

test('a country has its own currency, or the one that it shares', () => {
  const currencies = ['DE', 'GB', 'US', 'LI', 'SN', 'VE', 'JP', 'JE', 'HR', 'AQ'].map(currencyOfCountry);
  assert.deepEqual(currencies, ['EUR', 'GBP', 'USD', 'CHF', 'XOF', 'VES', 'JPY', 'GBP', 'EUR', undefined]);
});
