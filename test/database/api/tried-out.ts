import assert from 'node:assert/strict';
import { DRY_RUNS } from '#bank/dry-run/offered.ts';
import type { DryRunView } from '#bank/dry-run/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { type Answer, created, type Page, type TestApi, triedOut } from '#test/support/api.ts';
import type { Prepare } from './bank-acts.ts';

export type Tried = DryRunView & { readonly result: Readonly<Record<string, unknown>> };
type Entry = DryRunView['entries'][number];
type Balance = DryRunView['balances'][number]['after'];

/**
 * The acts, those that offer a dry run tried out first: it leaves every row as it was, and says what the act then does,
 * posts, costs and leaves on the accounts.
 */
export function triedOutFirst(
  api: TestApi,
  acts: Readonly<Record<string, Prepare>>,
): Readonly<Record<string, Prepare>> {
  return Object.fromEntries(
    Object.entries(acts).map(([operation, prepare]) => [
      operation,
      DRY_RUNS[operation] === 'offered' ? async () => inTwo(api, await prepare()) : prepare,
    ]),
  );
}

function inTwo(api: TestApi, act: () => Promise<Answer>): () => Promise<Answer> {
  return async () => {
    const before = new Set((await entriesOf(api)).map(({ id }) => id));
    const tried = await api.leavesNothing(() => triedOut<Tried>(act));
    assert.equal(tried.status, 200, tried.text);
    const answer = await act();
    if (answer.status >= 300) return answer;
    const posted = (await entriesOf(api)).filter(({ id }) => !before.has(id));
    await assertSame(api, tried.body, answer.body as Tried['result'], posted);
    return answer;
  };
}

/** Asserts that a dry run has told what an act then did. */
export async function assertSame(
  api: TestApi,
  { result, entries, entryCount, balances, fees }: Tried,
  answer: Tried['result'],
  posted: readonly PostedRow[],
): Promise<void> {
  assert.deepEqual(comparable(result, answer), comparable(answer, result));
  assert.equal(entryCount, posted.length);
  const told = entries.map((entry) => JSON.stringify(comparable(entry, posted)));
  const found = posted.map(({ entry }) => JSON.stringify(comparable(entry, entries)));
  assert.deepEqual(told.toSorted(), found.toSorted());
  for (const { accountId, after } of balances) {
    const { status, body } = await api.get<{ balance: Balance }>(`/v1/accounts/${accountId}/balance`);
    // One that was opened by it has another id.
    if (status === 200) assert.deepEqual(after, withoutAsOf(body.balance));
  }
  const accounts = [...new Set(fees.map(({ accountId }) => accountId))];
  const charged = await Promise.all(
    accounts.map(async (id) => created(await api.get<Page<unknown>>(`/v1/accounts/${id}/fees`)).data),
  );
  const texts = charged.flat().map((fee) => JSON.stringify(comparable(fee, [])));
  for (const fee of fees) assert.ok(texts.includes(JSON.stringify(comparable(fee, []))), JSON.stringify(fee));
}

function withoutAsOf({ posted, held, available }: Balance) {
  return { posted, held, available };
}

const MADE = /\b([a-z]+)_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g;
const INSTANT = /\b\d{4}-\d\d-\d\dT[0-9:.]+Z/g;

/** The value without instants, and without ids that are not in the other one: they were made for it. */
function comparable(value: unknown, other: unknown): unknown {
  const others = JSON.stringify(other);
  const text = JSON.stringify(value)
    .replaceAll(MADE, (id: string, kind: string) => (others.includes(id) ? id : kind))
    .replaceAll(INSTANT, 'instant');
  return JSON.parse(text);
}

export type PostedRow = { readonly id: string; readonly entry: Entry };

/** Every journal entry of the bank, as a dry run shows it. */
export async function entriesOf(api: TestApi): Promise<PostedRow[]> {
  const line = (side: string, sign: string) => `json_build_object(
    'side', '${side}',
    'accountId', case when ${side}.kind = 'customer' then ${side}.ledger_account_id end,
    'glAccount', case when ${side}.kind = 'internal' then ${side}.gl_code end,
    'amount', (p.amount_minor / 100.0)::numeric(30, 2)::text, 'currency', p.currency,
    'balanceBefore', ((p.${side}_balance_minor ${sign} p.amount_minor) / 100.0)::numeric(30, 2)::text,
    'balanceAfter', (p.${side}_balance_minor / 100.0)::numeric(30, 2)::text)`;
  const rows = await api.asOwner<{ id: string; entry: Entry }>(`
    select e.entry_id as id, json_build_object(
      'kind', e.kind, 'businessDate', e.business_date, 'valueDate', e.value_date,
      'lines', json_agg(s.line order by p.line, s.number)) as entry
    from journal_entries e
    join postings p using (book_id, entry_id)
    join ledger_accounts debit on debit.book_id = p.book_id and debit.ledger_account_id = p.debit_account_id
    join ledger_accounts credit on credit.book_id = p.book_id and credit.ledger_account_id = p.credit_account_id
    cross join lateral (values (1, ${line('debit', '+')}), (2, ${line('credit', '-')})) as s (number, line)
    group by e.book_id, e.entry_id`);
  return rows.map(({ id, entry }) => ({ id, entry: { ...entry, lines: entry.lines.map(withTypeIds) } }));
}

function withTypeIds(line: Entry['lines'][number]): Entry['lines'][number] {
  return { ...line, accountId: line.accountId && toTypeId('account', line.accountId as never) };
}
