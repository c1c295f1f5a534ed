import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DryRunView } from '#bank/dry-run/schemas.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import { type Answer, cash, created, move, openApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;
type Moved = { readonly from?: AccountView; readonly to?: AccountView; readonly cents: bigint };

const minor = (text: string): bigint => BigInt(text.replace('.', ''));

/** Few, so that those that pay and those that are tried out meet. */
const ACCOUNTS = 4;
const ROUNDS = 8;
/** Of which four are batches: a process takes no more at once. */
const AT_ONCE = 16;

/** Numbers that are the same whenever the test runs. */
function* numbers(): Generator<number, never> {
  for (let state = 20_261; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

test('dry runs beside payments of the same accounts take and give nothing, and delay nobody for long', async () => {
  const accounts: AccountView[] = [];
  for (let count = 0; count < ACCOUNTS; count += 1)
    accounts.push(await api.newAccount({ balance: '500.00' }));
  const held = created(
    await api.pay<{ id: string }>('/v1/holds', { ...cash(accounts[0]!, '20.00'), mode: undefined }),
  );
  const expected = new Map(accounts.map(({ id }) => [id, 50_000n]));
  const next = numbers();
  const pick = (): AccountView => accounts[next.next().value % ACCOUNTS]!;
  const before = await deadlocksOf();
  const entries = await entryCount();
  let posted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) => {
        const { path, body, moved } = request(pick, held.id, next.next().value, index);
        const isDry = index % 2 === 1;
        const headers: Record<string, string> = isDry ? {} : { 'idempotency-key': newKey() };
        const asked = `${path}${isDry ? '?dryRun=true' : ''}`;
        const answer = await api.raw<DryRunView>('POST', asked, JSON.stringify(body), headers);
        return { answer, isDry, moved };
      }),
    );
    for (const { answer, isDry, moved } of answers) {
      if (answer.status >= 300) continue;
      if (isDry) assertWhole(answer);
      else posted += apply(expected, moved);
    }
  }
  for (const account of accounts) {
    assert.equal(minor(await api.postedBalance(account)), expected.get(account.id), account.id);
  }
  assert.equal((await entryCount()) - entries, posted);
  assert.deepEqual(await deadlocksOf(), before);
  await api.assertVerified();
});

/** What is asked: half of it is tried out. A hold is captured by dry runs alone. */
function request(
  pick: () => AccountView,
  hold: string,
  seed: number,
  index: number,
): { readonly path: string; readonly body: Fields; readonly moved: readonly Moved[] } {
  const cents = BigInt((seed % 900) + 1);
  const amount = `${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`;
  const [from, to] = [pick(), pick()];
  switch (index % 8) {
    case 0:
    case 1:
      return { path: '/v1/deposits', body: cash(to, amount), moved: [{ to, cents }] };
    case 2:
    case 3: {
      const items = [
        { type: 'transfer', ...move(from, to, amount) },
        { type: 'withdrawal', ...cash(to, amount) },
      ];
      const moved = [
        { from, to, cents },
        { from: to, cents },
      ];
      return { path: '/v1/transactions/batch', body: { mode: 'atomic', items }, moved };
    }
    case 7:
      return { path: `/v1/holds/${hold}/capture`, body: {}, moved: [] };
    default:
      return { path: '/v1/transfers', body: move(from, to, amount), moved: [{ from, to, cents }] };
  }
}

function apply(expected: Map<string, bigint>, moved: readonly Moved[]): number {
  for (const { from, to, cents } of moved) {
    if (from !== undefined) expected.set(from.id, (expected.get(from.id) ?? 0n) - cents);
    if (to !== undefined) expected.set(to.id, (expected.get(to.id) ?? 0n) + cents);
  }
  return moved.length;
}

/** What a dry run tells adds up: it saw one state of its accounts from the first line to the last. */
function assertWhole({ body: { entries, balances } }: Answer<DryRunView>): void {
  const lines = entries.flatMap((entry) => entry.lines).filter(({ accountId }) => accountId !== null);
  for (const { accountId, before, after } of balances) {
    let balance = minor(before.posted);
    for (const { side, amount, balanceBefore, balanceAfter } of lines.filter(
      (one) => one.accountId === accountId,
    )) {
      assert.equal(minor(balanceBefore ?? ''), balance);
      balance += side === 'debit' ? -minor(amount) : minor(amount);
      assert.equal(minor(balanceAfter ?? ''), balance);
    }
    assert.equal(minor(after.posted), balance);
  }
}

const entryCount = async (): Promise<number> =>
  (await api.asOwner<{ count: number }>('select count(*)::int as count from journal_entries'))[0]!.count;

const deadlocksOf = async () => {
  await api.asOwner('select pg_stat_clear_snapshot()');
  return api.asOwner<{ deadlocks: string }>(
    'select deadlocks::text from pg_stat_database where datname = current_database()',
  );
};
