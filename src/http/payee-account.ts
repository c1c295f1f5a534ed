import { type Static, Type } from 'typebox';
import { requireIban } from '#lib/iban.ts';
import {
  type PayeeAccount as Account,
  type BankAccount,
  type BankCodeScheme,
  requireBankAccount,
} from '#lib/payee-account.ts';
import { givenIban, givenText } from './fields.ts';
import { requestObject } from './schemas.ts';
import { taggedChoice } from './tagged-choice.ts';

/** As long as they may be written with spaces. */
const MAX_CODE_LENGTH = 40;
const MAX_NUMBER_LENGTH = 60;

function bankAccount<const Scheme extends string>(
  name: string,
  type: Scheme,
  description: string,
  { bank, numbers, examples }: { bank: string; numbers: string; examples: readonly [string, string] },
) {
  return requestObject(name, description, {
    type: Type.Literal(type, { description: 'What names the bank.', examples: [type] }),
    bankCode: givenText(bank, examples[0], MAX_CODE_LENGTH),
    accountNumber: givenText(numbers, examples[1], MAX_NUMBER_LENGTH),
  });
}

const IbanAccount = requestObject('IbanAccount', 'An account that has an IBAN.', {
  type: Type.Literal('iban', { description: 'What names the account.', examples: ['iban'] }),
  iban: givenIban('Its IBAN.', 'DE89370400440532013000'),
});

const UsAccount = bankAccount('UsAbaAccount', 'us_aba', 'An account in the United States.', {
  bank: 'The routing number (ABA) of the bank: 9 digits, of which the last is a check digit.',
  numbers: 'The account number: 1 to 17 digits.',
  examples: ['021000021', '123456789'],
});

const GbAccount = bankAccount('GbSortCodeAccount', 'gb_sort_code', 'An account in the United Kingdom.', {
  bank: 'The sort code of the branch: 6 digits, with or without hyphens.',
  numbers: 'The account number: 8 digits.',
  examples: ['20-00-00', '55779911'],
});

const BicAccount = bankAccount('BicAccount', 'bic', 'An account without IBAN at a bank that has a BIC.', {
  bank: 'The BIC (ISO 9362) of the bank: 8 or 11 characters.',
  numbers: 'The account number as the bank writes it: 1 to 34 letters and digits.',
  examples: ['CTBAAU2S', '062000012345678'],
});

const OtherAccount = bankAccount('OtherBankAccount', 'other', 'An account that another system named.', {
  bank: 'The code of the bank, as that system calls it.',
  numbers: 'The account number there.',
  examples: ['YZ', '30300313'],
});

const GIVEN = [IbanAccount, UsAccount, GbAccount, BicAccount] as const;

/** Whom to pay, in a request. */
export const PayeeAccountRequest = taggedChoice(
  'PayeeAccountRequest',
  'The account of a payee: an IBAN, or an account number with the code of its bank.',
  'type',
  GIVEN,
);

/** Who is paid, in an answer. */
export const PayeeAccountSchema = taggedChoice(
  'PayeeAccount',
  'The account of a payee: an IBAN, or an account number with the code of its bank.',
  'type',
  [...GIVEN, OtherAccount],
);
export type PayeeAccountView = Static<typeof PayeeAccountSchema>;

/** The account of a request. Throws 400 `validation_failed` for its codes and numbers, each by its path. */
export function payeeAccountOf(given: Static<typeof PayeeAccountRequest>, path: string): Account {
  if (given.type === 'iban') return { iban: requireIban(given.iban, `${path}.iban`) };
  const { type: scheme, bankCode, accountNumber } = given;
  return requireBankAccount({ scheme, bankCode, accountNumber }, path);
}

/** An account as answers show it; one of another system has a code that no scheme knows. */
export function payeeAccountView(
  account:
    | { readonly iban: string }
    | (Pick<BankAccount, 'bank' | 'accountNumber'> & { readonly scheme: BankCodeScheme | undefined }),
): PayeeAccountView {
  if ('iban' in account) return { type: 'iban', iban: account.iban };
  const { scheme = 'other', bank: bankCode, accountNumber } = account;
  return { type: scheme, bankCode, accountNumber };
}
