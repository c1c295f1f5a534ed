import type { Tx } from '#db/database.ts';
import { rotateIdentifiers, rotateNationalIds } from '#features/customers/contract.ts';
import { rotateSealedSigningKeys } from '#identity/tokens/contract.ts';
import { rotateTotpSecrets } from '#identity/users/contract.ts';
import { rotateAnswers } from '#ledger/rotate-answers.ts';
import { type KeyChange, reseal } from '#lib/data-key.ts';
import { answerContextOf } from './key-store.ts';

type DataKeyUse = {
  /** The columns that are sealed with the data key or hashed under it. */
  readonly columns: readonly string[];
  /** Writes them under the new key, and returns how many rows. */
  readonly rotate: (tx: Tx, bookId: number, keys: KeyChange) => Promise<number>;
};

/**
 * Every use of the data key that a rotation writes again, by the name under which the trail counts it. What the chain of
 * the trail holds cannot be written again: former keys stay for it (db/former-data-keys.ts).
 */
export const DATA_KEY_USES = {
  nationalIds: {
    columns: ['customers.national_id_sealed', 'customers.national_id_hash'],
    rotate: rotateNationalIds,
  },
  identifiers: {
    columns: ['customer_identifiers.value_sealed', 'customer_identifiers.value_hash'],
    rotate: rotateIdentifiers,
  },
  secondFactors: { columns: ['users.totp_secret'], rotate: rotateTotpSecrets },
  signingKeys: { columns: ['signing_keys.private_key'], rotate: rotateSealedSigningKeys },
  answers: {
    columns: ['idempotency_keys.answer'],
    rotate: (tx, bookId, keys) =>
      rotateAnswers(tx, bookId, ({ actor, key, answer }) =>
        reseal(keys, answer, answerContextOf(bookId, actor, key)),
      ),
  },
} as const satisfies Readonly<Record<string, DataKeyUse>>;

export type DataKeyUseName = keyof typeof DATA_KEY_USES;
