import {
  findNationalForm,
  firstAccountNumber,
  firstSerial,
  knownCountries,
} from '#lib/account-numbers/account-numbers.ts';
import { assert } from '#lib/assert.ts';

const HEAD = ['country', 'FLORIN_BANK_CODE', 'like', 'first account number', 'its IBAN'];

/** The table of countries in Markdown, as docs/account-numbers.md ends with it. */
export function describeAccountNumbers(): string {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const rows = knownCountries().map((country) => {
    const form = findNationalForm(country);
    assert(form !== undefined, 'a known country has a form');
    const first = firstAccountNumber(country, form.bankCodeExample, firstSerial(form));
    return [
      `${country}, ${names.of(country) ?? country}`,
      form.bankCodeName,
      `\`${form.bankCodeExample}\``,
      `\`${first?.number}\``,
      first?.iban === undefined ? '-' : `\`${first.iban}\``,
    ];
  });
  const table = [HEAD, HEAD.map(() => '---'), ...rows];
  return `${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
