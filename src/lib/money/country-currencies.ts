import { type Currency, listCurrencies, parseCurrency } from './currencies.ts';

/**
 * The countries (ISO 3166-1) that use a currency which does not begin with their code. Every other country has the
 * currency that does.
 */
const BORROWED: Readonly<Record<string, string>> = {
  EUR: 'AD AT AX BE BG BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM TF VA XK YT',
  USD: 'AS BQ EC FM GU IO MH MP PR PW SV TC TL UM VG VI',
  XAF: 'CF CG CM GA GQ TD',
  XOF: 'BF BJ CI GW ML NE SN TG',
  XPF: 'NC PF WF',
  XCD: 'AG AI DM GD KN LC MS VC',
  AUD: 'CC CX HM KI NF NR TV',
  NZD: 'CK NU PN TK',
  DKK: 'FO GL',
  NOK: 'BV SJ',
  CHF: 'LI',
  GBP: 'GG GS IM JE',
  ILS: 'PS',
  MAD: 'EH',
  VES: 'VE',
};

const BY_COUNTRY: ReadonlyMap<string, string> = new Map(
  Object.entries(BORROWED).flatMap(([currency, countries]) =>
    countries.split(' ').map((country) => [country, currency] as const),
  ),
);

/** The currency of a country (ISO 3166-1); undefined for one that has none here. */
export function currencyOfCountry(country: string): Currency | undefined {
  const borrowed = BY_COUNTRY.get(country);
  if (borrowed !== undefined) return parseCurrency(borrowed);
  return listCurrencies().find(({ currency }) => currency.startsWith(country))?.currency;
}
