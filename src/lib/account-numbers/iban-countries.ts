import {
  cinLetter,
  luhnDigit,
  modulo10Digit,
  modulo11Digit,
  modulo97Digits,
  modulo1110Digit,
  remainderOf,
  ribKey,
  weightedSum,
} from './check-digits.ts';
import { type NationalForm, nationalForm } from './national-form.ts';

// Countries with IBANs (SWIFT IBAN registry), and the check digits that their banks agreed on beneath those of the
// IBAN. Where the check digits of accounts are each bank's own affair, as in DE, DK and GB, there are none here.

/** Whether the last digit of a bank code is the check digit of those before it. */
function lastIs(digitOf: (digits: string) => string): (bankCode: string) => boolean {
  return (bankCode) => digitOf(bankCode.slice(0, -1)) === bankCode.at(-1);
}

/** Serial and two digits that let bank code and number together leave 1 by 97. */
const by97 = {
  numberOf: (serial: string, bankCode: string): string => serial + modulo97Digits(bankCode + serial),
};

/** Bank, branch and account with the key of France, which Monaco, Mauritania and Tunisia use too. */
const withKey = {
  numberOf: (serial: string, bankCode: string): string => serial + ribKey(bankCode + serial),
};

const WEIGHTS_9731 = [9, 7, 3, 1, 9, 7, 3];
const WEIGHTS_371 = [3, 9, 7, 1, 3, 9, 7];
const WEIGHTS_ES = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];

/** As modulo 11, where ten is written as one. */
function spanishDigit(digits: string): string {
  return modulo11Digit(digits.padStart(10, '0'), WEIGHTS_ES) ?? '1';
}

/** Belgium: the first ten digits by 97, and 97 for none left. */
function belgianDigits(digits: string): string {
  return String(remainderOf(digits, 97) || 97).padStart(2, '0');
}

/** A number that is right as it is, or none: weights by 11 leave nothing. */
function rightBy11(weights: readonly number[]): (serial: string) => string | undefined {
  return (serial) => (weightedSum(serial, weights) % 11 === 0 ? serial : undefined);
}

/** CZ and SK: a prefix of zeros, and a number right by 11 (Czech National Bank, decree 169/2011). */
const czech = {
  numberOf: rightBy11([6, 3, 7, 9, 10, 5, 8, 4, 2, 1]),
  bbanOf: (bankCode: string, number: string): string => `${bankCode}000000${number}`,
};

/** IT and SM: the check letter stands before all. */
const italian = {
  bbanOf: (bankCode: string, number: string): string => cinLetter(bankCode + number) + bankCode + number,
  bankCodeAt: 1,
};

/** Brazil: weights 2 to 9 from the right by 11, as Banco do Brasil's; ten would be an X. */
function brazilianNumber(serial: string): string | undefined {
  const remainder = weightedSum(serial, [2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return remainder === 1 ? undefined : serial + String(remainder === 0 ? 0 : 11 - remainder);
}

const EUROPE: Readonly<Record<string, NationalForm>> = {
  AD: nationalForm('bank and branch of 8 digits', '00012030', /^\d{8}$/, 12),
  AL: nationalForm('bank, branch and check digit of 8 digits', '21211009', /^\d{8}$/, 16, {
    isBankCodeRight: lastIs((digits) => modulo10Digit(digits, WEIGHTS_9731)),
  }),
  AT: nationalForm('Bankleitzahl of 5 digits', '19043', /^\d{5}$/, 11),
  BA: nationalForm('bank and branch of 6 digits', '129007', /^\d{6}$/, 8, by97),
  BE: nationalForm('bank of 3 digits', '539', /^\d{3}$/, 7, {
    numberOf: (serial, bankCode) => serial + belgianDigits(bankCode + serial),
  }),
  BG: nationalForm('bank of 4 letters, branch of 4 and type of 2 digits', 'BNBG966110', /^[A-Z]{4}\d{6}$/, 8),
  BY: nationalForm('bank of 4 letters and balance account of 4 digits', 'NBRB3600', /^[A-Z0-9]{4}\d{4}$/, 16),
  CH: nationalForm('clearing number (IID) of 5 digits', '00762', /^\d{5}$/, 12),
  CY: nationalForm('bank and branch of 8 digits', '00200128', /^\d{8}$/, 16),
  CZ: nationalForm('bank of 4 digits', '0800', /^\d{4}$/, 10, czech),
  DE: nationalForm('Bankleitzahl of 8 digits', '10010010', /^\d{8}$/, 10),
  DK: nationalForm('registration number of 4 digits', '0040', /^\d{4}$/, 10),
  EE: nationalForm('bank and branch of 4 digits', '2200', /^\d{4}$/, 11, {
    numberOf: (serial, bankCode) =>
      serial + modulo10Digit(bankCode.slice(2) + serial, [7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7]),
  }),
  ES: nationalForm('bank and branch of 8 digits', '21000418', /^\d{8}$/, 10, {
    numberOf: (serial, bankCode) => spanishDigit(bankCode) + spanishDigit(serial) + serial,
  }),
  FI: nationalForm('bank and branch of 6 digits', '211234', /^\d{6}$/, 7, {
    numberOf: (serial, bankCode) => serial + luhnDigit(bankCode + serial),
  }),
  FR: nationalForm('bank and branch of 10 digits', '2004101005', /^\d{10}$/, 11, withKey),
  GB: nationalForm(
    'bank of 4 letters as in its BIC, and sort code of 6 digits',
    'NWBK601613',
    /^[A-Z]{4}\d{6}$/,
    8,
  ),
  GI: nationalForm('bank of 4 letters', 'NWBK', /^[A-Z]{4}$/, 15),
  GR: nationalForm('bank and branch of 7 digits', '0110125', /^\d{7}$/, 16),
  HR: nationalForm('bank of 7 digits', '1001005', /^\d{7}$/, 9, {
    isBankCodeRight: lastIs(modulo1110Digit),
    numberOf: (serial) => serial + modulo1110Digit(serial),
  }),
  HU: nationalForm('bank, branch and check digit of 8 digits', '11773016', /^\d{8}$/, 7, {
    isBankCodeRight: lastIs((digits) => modulo10Digit(digits, WEIGHTS_9731)),
    numberOf: (serial) => `${serial}${modulo10Digit(serial, WEIGHTS_9731)}00000000`,
  }),
  IE: nationalForm(
    'bank of 4 characters as in its BIC, and sort code of 6 digits',
    'AIBK931152',
    /^[A-Z0-9]{4}\d{6}$/,
    8,
  ),
  IT: nationalForm('bank and branch (ABI, CAB) of 10 digits', '0542811101', /^\d{10}$/, 12, italian),
  LI: nationalForm('clearing number (IID) of 5 digits', '08810', /^\d{5}$/, 12),
  LT: nationalForm('bank of 5 digits', '10000', /^\d{5}$/, 11),
  LU: nationalForm('bank of 3 digits', '001', /^\d{3}$/, 13),
  LV: nationalForm('bank of 4 letters', 'BANK', /^[A-Z]{4}$/, 13),
  MC: nationalForm('bank and branch of 10 digits', '1122200001', /^\d{10}$/, 11, withKey),
  MD: nationalForm('bank of 2 characters', 'AG', /^[A-Z0-9]{2}$/, 18),
  ME: nationalForm('bank of 3 digits', '505', /^\d{3}$/, 13, by97),
  MK: nationalForm('bank of 3 digits', '250', /^\d{3}$/, 10, by97),
  MT: nationalForm('bank of 4 letters and sort code of 5 digits', 'MALT01100', /^[A-Z]{4}\d{5}$/, 18),
  NL: nationalForm('bank of 4 letters', 'ABNA', /^[A-Z]{4}$/, 10, {
    numberOf: rightBy11([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
  }),
  NO: nationalForm('bank of 4 digits', '8601', /^\d{4}$/, 6, {
    numberOf: (serial, bankCode) => {
      const digit = modulo11Digit(bankCode + serial, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
      return digit === undefined ? undefined : serial + digit;
    },
  }),
  PL: nationalForm('bank, branch and check digit of 8 digits', '10901014', /^\d{8}$/, 16, {
    isBankCodeRight: lastIs((digits) => modulo10Digit(digits, WEIGHTS_371)),
  }),
  PT: nationalForm('bank and branch of 8 digits', '00020123', /^\d{8}$/, 11, by97),
  RO: nationalForm('bank of 4 letters', 'AAAA', /^[A-Z]{4}$/, 16),
  RS: nationalForm('bank of 3 digits', '260', /^\d{3}$/, 13, by97),
  SI: nationalForm('bank and branch of 5 digits', '26330', /^\d{5}$/, 8, by97),
  SK: nationalForm('bank of 4 digits', '1200', /^\d{4}$/, 10, czech),
  SM: nationalForm('bank and branch (ABI, CAB) of 10 digits', '0322509800', /^\d{10}$/, 12, italian),
  VA: nationalForm('bank of 3 digits', '001', /^\d{3}$/, 15),
  XK: nationalForm('bank and branch of 4 digits', '1212', /^\d{4}$/, 10, by97),
};

const BEYOND: Readonly<Record<string, NationalForm>> = {
  AE: nationalForm('bank of 3 digits', '033', /^\d{3}$/, 16),
  AZ: nationalForm('bank of 4 letters', 'NABZ', /^[A-Z]{4}$/, 20),
  BH: nationalForm('bank of 4 letters', 'BMAG', /^[A-Z]{4}$/, 14),
  BR: nationalForm('bank (ISPB) of 8 and agency of 5 digits', '0000000015849', /^\d{13}$/, 9, {
    numberOf: brazilianNumber,
    // The type of the account, C of conta-corrente, and its first owner.
    bbanOf: (bankCode, number) => `${bankCode}${number}C1`,
  }),
  CR: nationalForm('bank of 4 digits', '0152', /^0\d{3}$/, 14),
  DO: nationalForm('bank of 4 characters', 'BAGR', /^[A-Z]{4}$/, 20),
  EG: nationalForm('bank and branch of 8 digits', '00190005', /^\d{8}$/, 17),
  GE: nationalForm('bank of 2 letters', 'NB', /^[A-Z]{2}$/, 16),
  JO: nationalForm('bank of 4 letters and branch of 4 digits', 'CBJO0010', /^[A-Z]{4}\d{4}$/, 18),
  KW: nationalForm('bank of 4 letters', 'CBKU', /^[A-Z]{4}$/, 22),
  KZ: nationalForm('bank of 3 digits', '125', /^\d{3}$/, 13),
  LB: nationalForm('bank of 4 digits', '0999', /^\d{4}$/, 20),
  MR: nationalForm('bank and branch of 10 digits', '0002000101', /^\d{10}$/, 11, withKey),
  PK: nationalForm('bank of 4 letters', 'SCBL', /^[A-Z]{4}$/, 16),
  PS: nationalForm('bank of 4 letters', 'PALS', /^[A-Z]{4}$/, 21),
  QA: nationalForm('bank of 4 letters', 'DOHB', /^[A-Z]{4}$/, 21),
  SA: nationalForm('bank of 2 digits', '80', /^\d{2}$/, 18),
  TL: nationalForm('bank of 3 digits', '008', /^\d{3}$/, 14, by97),
  TN: nationalForm('bank and branch of 5 digits', '10006', /^\d{5}$/, 13, withKey),
  TR: nationalForm('bank of 5 digits', '00061', /^\d{5}$/, 16, {
    bbanOf: (bankCode, number) => `${bankCode}0${number}`,
  }),
  VG: nationalForm('bank of 4 letters', 'VPVG', /^[A-Z]{4}$/, 16),
};

export const IBAN_COUNTRIES: Readonly<Record<string, NationalForm>> = { ...EUROPE, ...BEYOND };
