import { validationFailed } from '../errors.ts';
import { isUnjudged } from '../unjudged.ts';

declare const currencyBrand: unique symbol;
/** An ISO 4217 code that Florin knows. */
export type Currency = string & { readonly [currencyBrand]: true };

const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
  'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS ' +
  'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN ' +
  'MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE ' +
  'SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';

const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...NO_DECIMALS.split(' ').map((code): [string, number] => [code, 0]),
  ...TWO_DECIMALS.split(' ').map((code): [string, number] => [code, 2]),
  ...THREE_DECIMALS.split(' ').map((code): [string, number] => [code, 3]),
]);

/** Every currency with its decimals (ISO 4217 minor unit); the table `currencies` holds the same. */
export function listCurrencies(): { currency: Currency; decimals: number }[] {
  return [...DECIMALS].map(([currency, decimals]) => ({ currency: currency as Currency, decimals }));
}

/** The currency if the text is the code of one (upper case), else undefined. */
export function parseCurrency(text: string): Currency | undefined {
  return DECIMALS.has(text) ? (text as Currency) : undefined;
}

/** The currency of a code. Throws 400 `validation_failed` for any other text. */
export function requireCurrency(text: string, path = 'currency'): Currency {
  if (isUnjudged(text)) return text;
  const currency = parseCurrency(text);
  if (currency === undefined) throw validationFailed({ path, message: 'must be a currency of ISO 4217' });
  return currency;
}

/** Digits after the point of an amount in major units. */
export function currencyDecimals(currency: Currency): number {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined) throw new TypeError(`${currency} is not a currency`);
  return decimals;
}
