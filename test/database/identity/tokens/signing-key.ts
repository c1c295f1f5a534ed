import type { TestBank } from '#test/support/bank.ts';

/** The private key of the bank, as PKCS #8: for tokens that only its owner could make. */
export async function sealedKeyOf({ db, context }: TestBank, kid: string): Promise<Buffer> {
  const row = await db
    .selectFrom('signing_keys')
    .select('private_key')
    .where('kid', '=', kid)
    .executeTakeFirstOrThrow();
  return context.dataKey.decrypt(row.private_key, `signing_keys.private_key/1/${kid}`);
}
