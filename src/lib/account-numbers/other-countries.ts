import { modulo10Digit, modulo11Digit, weightedSum } from './check-digits.ts';
import { type NationalForm, nationalForm } from './national-form.ts';

// Countries without IBANs. Where an account number carries no check digits by the country's rules, there are none.

/** United States (ABA Key to Routing Numbers): the first two digits are a Federal Reserve district or a special range. */
const ROUTING_NUMBER = /^(0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/;

/** Mexico, CLABE (Banco de México): over bank, place and account. */
const WEIGHTS_CLABE = [3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7];

/** Argentina, CBU (Banco Central, communication A 2622): one digit for bank and branch, one for the account. */
const WEIGHTS_CBU_BANK = [7, 1, 3, 9, 7, 1, 3];
const WEIGHTS_CBU_ACCOUNT = [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3];

/** Nigeria, NUBAN (Central Bank of Nigeria, 2010): over bank and serial. */
const WEIGHTS_NUBAN = [3, 7, 3, 3, 7, 3, 3, 7, 3, 3, 7, 3];

/** New Zealand (Inland Revenue, resident withholding tax specification): banks by what they check with. */
const NZ_BANK = /^(01|02|03|06|08|1[1-9]|2[0-4]|27|30|35|38)\d{4}$/;
/** From this account number on, the branch does not count. */
const NZ_WITHOUT_BRANCH = 990_000;

/** Seven digits that are right by 11, and the suffix of the first account. */
function newZealandNumber(serial: string, bankCode: string): string | undefined {
  const digit = modulo11Digit(bankCode.slice(2) + serial, newZealandWeights(serial, bankCode));
  return digit === undefined ? undefined : `${serial}${digit}00`;
}

/** Weights of branch and serial; the check digit weighs 1. */
function newZealandWeights(serial: string, bankCode: string): readonly number[] {
  if (bankCode.startsWith('08')) return [0, 0, 0, 0, 7, 6, 5, 4, 3, 2];
  const isOfBranch = Number(`${serial}0`) < NZ_WITHOUT_BRANCH;
  return [...(isOfBranch ? [6, 3, 7, 9] : [0, 0, 0, 0]), 0, 10, 5, 8, 4, 2];
}

export const OTHER_COUNTRIES: Readonly<Record<string, NationalForm>> = {
  AR: nationalForm('bank, branch and check digit of 8 digits', '28505909', /^\d{8}$/, 13, {
    hasIbans: false,
    isBankCodeRight: (bankCode) => modulo10Digit(bankCode, WEIGHTS_CBU_BANK) === bankCode.at(-1),
    numberOf: (serial) => serial + modulo10Digit(serial, WEIGHTS_CBU_ACCOUNT),
  }),
  AU: nationalForm('BSB of 6 digits', '110000', /^\d{6}$/, 9, { hasIbans: false }),
  CA: nationalForm(
    'routing number of 0, institution of 3 and transit of 5 digits',
    '000011000',
    /^0\d{8}$/,
    12,
    {
      hasIbans: false,
    },
  ),
  HK: nationalForm('bank and branch of 6 digits', '110000', /^\d{6}$/, 9, { hasIbans: false }),
  IN: nationalForm('branch code (IFSC) of 11 characters', 'HDFC0004051', /^[A-Z]{4}0[A-Z0-9]{6}$/, 12, {
    hasIbans: false,
  }),
  JP: nationalForm('bank of 4 and branch of 3 digits', '1100000', /^\d{7}$/, 7, { hasIbans: false }),
  MX: nationalForm('bank and place of 6 digits', '032180', /^\d{6}$/, 11, {
    hasIbans: false,
    numberOf: (serial, bankCode) => serial + modulo10Digit(bankCode + serial, WEIGHTS_CLABE),
  }),
  NG: nationalForm('bank of 3 digits', '011', /^\d{3}$/, 9, {
    hasIbans: false,
    numberOf: (serial, bankCode) => serial + modulo10Digit(bankCode + serial, WEIGHTS_NUBAN),
  }),
  NZ: nationalForm('bank of 2 and branch of 4 digits', '010902', NZ_BANK, 6, {
    hasIbans: false,
    numberOf: newZealandNumber,
  }),
  SG: nationalForm('bank of 4 and branch of 3 digits', '1100000', /^\d{7}$/, 9, { hasIbans: false }),
  US: nationalForm('routing number (ABA) of 9 digits', '110000000', ROUTING_NUMBER, 12, {
    hasIbans: false,
    isBankCodeRight: (bankCode) => weightedSum(bankCode, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
  }),
};
