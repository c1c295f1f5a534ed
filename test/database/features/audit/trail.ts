import { after } from 'node:test';
import pg from 'pg';
import { inTransaction } from '#db/transaction.ts';
import { recordAudits, type TrailReport, verifyTrail } from '#features/audit/contract.ts';
import { sealAllRows } from '#features/audit/sealer.ts';
import type { AccountId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';

/** A bank with something in its trail, and the owner's connection, by which it is tampered with. */
export type Trail = {
  readonly bank: TestBank;
  readonly owner: pg.Client;
  readonly account: AccountId;
  deposit(): Promise<void>;
  act(count?: number): Promise<void>;
  seal(): Promise<number>;
  verify(): Promise<TrailReport>;
};

export async function openTrail(): Promise<Trail> {
  const closers: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closers) await close();
  });
  const bank = await openTestBank({ name: 'A trail of its own' });
  const owner = new pg.Client({ connectionString: bank.databaseUrl });
  await owner.connect();
  closers.push(() => owner.end());
  const account = await bank.newAccount();
  return {
    bank,
    owner,
    account,
    deposit: async () => {
      const request = { caller: TEST_CALLER, idempotencyKey: newKey(), accountId: account } as const;
      await bank.transactions.deposit({ ...request, amountMinor: 100n, currency: EUR, mode: 'cash' });
    },
    act: (count = 1) =>
      inTransaction(bank.db, (tx) => recordAudits(tx, bank.context, Array.from({ length: count }, actOf))),
    seal: () => sealAllRows(bank.context),
    verify: () => verifyTrail(bank.db, 1),
  };
}

function actOf(_: unknown, index: number) {
  const after = { name: `Key ${index}` };
  return { caller: TEST_CALLER, operation: 'createApiKey', resourceType: 'api_key', after } as const;
}
