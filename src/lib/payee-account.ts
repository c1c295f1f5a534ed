import { findNationalForm, isBankCode, plainBankCode } from './account-numbers/account-numbers.ts';
import { isBic } from './bic.ts';
import { checkAll } from './check-all.ts';
import { validationFailed } from './errors.ts';
import { type Iban, parseIban } from './iban.ts';

/** What names a bank where its accounts have no IBAN: a routing number (ABA), a sort code, or a BIC (ISO 9362). */
export const BANK_CODE_SCHEMES = ['us_aba', 'gb_sort_code', 'bic'] as const;
export type BankCodeScheme = (typeof BANK_CODE_SCHEMES)[number];

/** An account that is named by its number and its bank's code. */
export type BankAccount = {
  readonly scheme: BankCodeScheme;
  readonly bank: string;
  readonly accountNumber: string;
};

/** An account that can be paid. */
export type PayeeAccount = { readonly iban: Iban } | BankAccount;

type Form = {
  readonly isBank: (code: string) => boolean;
  readonly bank: string;
  readonly number: RegExp;
  readonly numberIs: string;
};

const FORMS: Readonly<Record<BankCodeScheme, Form>> = {
  us_aba: {
    isBank: isRoutingNumber,
    bank: 'must be a routing number (ABA) of 9 digits, the last of which is right',
    // As many as an ACH entry has room for (Nacha, entry detail record).
    number: /^\d{1,17}$/,
    numberIs: 'must have 1 to 17 digits',
  },
  gb_sort_code: {
    isBank: (code) => /^\d{6}$/.test(code),
    bank: 'must be a sort code of 6 digits',
    number: /^\d{8}$/,
    numberIs: 'must have 8 digits',
  },
  bic: {
    isBank: isBic,
    bank: 'must be a BIC of 8 or 11 characters with the code of a country, like NWBKGB2L',
    number: /^[A-Z0-9]{1,34}$/,
    numberIs: 'must have 1 to 34 letters and digits',
  },
};

/** What stands where an account number is written to be read. */
const PRINTED_GAPS = /[\s-]/g;

/**
 * An account by its bank's code and its number, each without spaces and hyphens, in capitals. Throws 400
 * `validation_failed` for each of them that is not of the scheme's form, and for an IBAN beside a BIC.
 */
export function requireBankAccount(
  { scheme, bankCode, accountNumber }: { scheme: BankCodeScheme; bankCode: string; accountNumber: string },
  path: string,
): BankAccount {
  const form = FORMS[scheme];
  return {
    scheme,
    ...checkAll({
      bank: () => {
        const code = plainBankCode(bankCode);
        if (!form.isBank(code)) throw validationFailed({ path: `${path}.bankCode`, message: form.bank });
        return code;
      },
      accountNumber: () => {
        const number = plainAccountNumber(accountNumber);
        const isIban = parseIban(number) !== undefined;
        const message = isIban ? 'is an IBAN: give it as one, with type iban' : form.numberIs;
        if (isIban || !form.number.test(number)) {
          throw validationFailed({ path: `${path}.accountNumber`, message });
        }
        return number;
      },
    }),
  };
}

/** An account number as it is kept: without what it is printed with to be read. */
export function plainAccountNumber(text: string): string {
  return text.replaceAll(PRINTED_GAPS, '').toUpperCase();
}

function isRoutingNumber(code: string): boolean {
  const form = findNationalForm('US');
  return form !== undefined && isBankCode(form, code);
}

/** One text for each account that can be paid: equal ones are one payee. An IBAN stands for itself. */
export function payeeKey(account: PayeeAccount): string {
  if ('iban' in account) return account.iban;
  return `${account.scheme}/${account.bank}/${account.accountNumber}`;
}
