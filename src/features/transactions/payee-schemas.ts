import type { Static } from 'typebox';
import { type PayeeAccountRequest, payeeAccountOf } from '#http/payee-account.ts';
import { validationFailed } from '#lib/errors.ts';
import { requireIban } from '#lib/iban.ts';
import { type AccountId, type BeneficiaryId, parseTypeId } from '#lib/ids.ts';
import type { Payee } from './movement.ts';

/** The id of no account: the kernel answers `not_found` for it, as for every id that does not exist. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000' as AccountId;
/** The id of no beneficiary, in the same way. */
const NO_BENEFICIARY = '00000000-0000-0000-0000-000000000000' as BeneficiaryId;

/** The account of a TypeID; any other text stands for an account that does not exist. */
export function accountIdOf(text: string): AccountId {
  return parseTypeId('account', text) ?? NO_ACCOUNT;
}

/** The ways to name a payee. */
export type PayeeFields = {
  readonly toAccountId?: string | undefined;
  readonly toIban?: string | undefined;
  readonly toAccount?: Static<typeof PayeeAccountRequest> | undefined;
  readonly beneficiaryId?: string | undefined;
  readonly toName?: string | undefined;
};

/** Who is paid: exactly one of the four. Throws 400 `validation_failed` with `path` before the field. */
export function payeeOf(
  { toAccountId, toIban, toAccount, beneficiaryId, toName: name }: PayeeFields,
  path = '',
): Payee {
  const given = [toAccountId, toIban, toAccount, beneficiaryId].filter((value) => value !== undefined);
  if (given.length !== 1) {
    const message = 'give one of toAccountId, toIban, toAccount and beneficiaryId';
    throw validationFailed({ path: `${path}toAccountId`, message });
  }
  if (name !== undefined && beneficiaryId !== undefined) {
    const message = 'does not go with beneficiaryId: a beneficiary has a name';
    throw validationFailed({ path: `${path}toName`, message });
  }
  if (toAccountId !== undefined) return { accountId: accountIdOf(toAccountId), name };
  if (toIban !== undefined) return { iban: requireIban(toIban, `${path}toIban`), name };
  if (toAccount !== undefined) return { ...payeeAccountOf(toAccount, `${path}toAccount`), name };
  return { beneficiaryId: parseTypeId('beneficiary', beneficiaryId ?? '') ?? NO_BENEFICIARY };
}
