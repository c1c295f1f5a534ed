import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { IncomingView } from '#features/payments/schemas.ts';
import { type Answer, created, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();
const ROUNDS = 8;
/** Which of two comes first is chance: rounds enough to have seen both. */
const MOST_ROUNDS = 100;
const TAKEN_BACK = { reason: 'wrong payee', overdrawReason: 'spent by the payee' };

/** A credit of 5.00 by a payment from another bank or by a transfer: the path by which it is taken back. */
const CREDITS: Readonly<Record<string, (account: AccountView) => Promise<string>>> = {
  payment: async ({ iban }) => {
    const payment = { externalReference: newKey(), iban, amount: '5.00', currency: 'EUR' };
    const { id } = created(await api.pay<IncomingView>('/v1/incoming-payments', payment));
    return `/v1/incoming-payments/${id}/return`;
  },
  transfer: async (account) => {
    const payer = await api.newAccount({ balance: '5.00' });
    return `/v1/transactions/${(await api.transfer(payer, account, '5.00')).id}/reverse`;
  },
};

for (const [kind, credit] of Object.entries(CREDITS)) {
  test(`an account gives a ${kind} back or is closed first, and then the bank gives it in its place`, async () => {
    const seen = new Set<string>();
    for (let round = 0; round < MOST_ROUNDS && (round < ROUNDS || seen.size < 2); round++) {
      const account = await api.newAccount();
      const path = await credit(account);
      await api.withdraw(account, '5.00');
      const acts: (() => Promise<Answer>)[] = [
        () => api.post(`/v1/accounts/${account.id}/close`, { reason: 'moved away' }),
        () => api.pay(path, TAKEN_BACK),
      ];
      const answers = await Promise.all((round % 2 === 0 ? acts : acts.toReversed()).map((act) => act()));
      const [closed, taken] = round % 2 === 0 ? answers : answers.toReversed();
      created(taken!);
      if (closed?.status === 200) seen.add('closed');
      else {
        refused(closed!, 409, 'account_not_empty');
        seen.add('overdrawn');
      }
      const expected = closed?.status === 200 ? '0.00' : '-5.00';
      assert.equal(await api.postedBalance(account), expected);
    }
    assert.deepEqual([...seen].sort(), ['closed', 'overdrawn']);
    await api.assertVerified();
  });
}
