import { type RawBuilder, sql } from 'kysely';
import { assert } from '#lib/assert.ts';
import type { Iban } from '#lib/iban.ts';
import type { BankCodeScheme, PayeeAccount } from '#lib/payee-account.ts';

/** The account of a beneficiary as its row has it. */
export type AccountRow = {
  readonly iban: Iban | null;
  readonly bankCodeScheme: BankCodeScheme | null;
  readonly bankCode: string | null;
  readonly accountNumber: string | null;
};

export function accountOfRow({ iban, bankCodeScheme, bankCode, accountNumber }: AccountRow): PayeeAccount {
  if (iban !== null) return { iban };
  const isWhole = bankCodeScheme !== null && bankCode !== null && accountNumber !== null;
  assert(isWhole, 'a beneficiary has an account');
  return { scheme: bankCodeScheme, bank: bankCode, accountNumber };
}

export function accountColumns(account: PayeeAccount) {
  const isIban = 'iban' in account;
  return {
    iban: isIban ? account.iban : null,
    bank_code_scheme: isIban ? null : account.scheme,
    bank_code: isIban ? null : account.bank,
    account_number: isIban ? null : account.accountNumber,
  };
}

/** The columns of a row `b`, by their names in AccountRow. */
export const ACCOUNT_COLUMNS: RawBuilder<unknown> = sql`b.iban, b.bank_code_scheme as "bankCodeScheme",
  b.bank_code as "bankCode", b.account_number as "accountNumber"`;

/** `payeeKey` of a beneficiary `b`, in SQL. */
export const KEY = `coalesce(b.iban, b.bank_code_scheme || '/' || b.bank_code || '/' || b.account_number)`;

/** `payeeKey` of an account `p` of this bank, whose book is `k`, in SQL; null where it has neither IBAN nor bank code. */
export const KEY_OF_ACCOUNT = `coalesce(p.iban, case when k.country = 'US' then 'us_aba/' || k.bank_code || '/' || p.number end)`;
