import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNTS } from '#demo/accounts.ts';
import { CUSTOMERS } from '#demo/customers.ts';
import { planYear } from '#demo/plan-year.ts';
import type { Movement, Round } from '#demo/year-plan.ts';
import { addDays, addYears, dateAt, type IsoDate } from '#lib/time/dates.ts';

const OVERDRAFTS = new Map(ACCOUNTS.map(({ key, overdraftMinor }) => [key, overdraftMinor]));

/** Days that calendars stumble over: a leap day, a year's ends, days after a clock change, a Sunday. */
const TODAYS = [
  '2028-02-29',
  '2026-01-01',
  '2026-12-31',
  '2026-03-30',
  '2026-10-26',
  '2027-06-13',
] as IsoDate[];
const TIME_ZONES = ['Europe/Berlin', 'Pacific/Auckland', 'America/Los_Angeles'];

const years = TODAYS.map((today, index) => {
  const firstDay = addYears(today, -1);
  const lastDay = addDays(today, -1);
  const timeZone = TIME_ZONES[index % TIME_ZONES.length]!;
  return { firstDay, lastDay, timeZone, plan: planYear({ firstDay, lastDay, timeZone }) };
});

test('a year has between 6,000 and 10,000 movements, whenever it begins', () => {
  for (const { firstDay, plan } of years) {
    const steps = plan.rounds.flatMap((round) => round.steps);
    const moved = steps.filter((step) => 'id' in step);
    assert.ok(moved.length >= 6_000 && moved.length <= 10_000, `${firstDay}: ${moved.length}`);
    assert.ok(steps.filter(({ kind }) => kind === 'reversal').length >= 5, firstDay);
    assert.ok(steps.filter(({ kind }) => kind === 'instalment').length >= 8, firstDay);
    assert.deepEqual(
      // A year in which nobody has the money for it has no saving plan.
      steps
        .filter((step) => !('id' in step) && step.kind !== 'instalment' && step.kind !== 'saving_plan')
        .map(({ kind }) => kind),
      [
        'mortgage',
        'term_deposit',
        'freeze',
        'unfreeze',
        'term_deposit',
        'close',
        'freeze',
        'freeze',
        'term_deposit',
      ],
    );
  }
});

test('rounds follow each other in time, from the first day to the last', () => {
  for (const { firstDay, lastDay, timeZone, plan } of years) {
    const instants = plan.rounds.map(({ atMs }) => atMs);
    assert.deepEqual(
      instants,
      instants.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(instants).size, instants.length);
    assert.equal(dateAt(instants[0]!, timeZone), firstDay);
    assert.equal(dateAt(instants.at(-1)!, timeZone), lastDay);
  }
});

test('no payment needs money that comes in the same round, or more than the overdraft', () => {
  for (const { plan } of years) {
    const balances = new Map(ACCOUNTS.map(({ key }) => [key, 0n]));
    const movements = new Map<string, Movement>();
    for (const round of plan.rounds) settleDebitsFirst(round, balances, movements);
    for (const [key, balanceMinor] of balances) {
      assert.equal(balanceMinor - plan.setAsideOf(key), plan.balanceOf(key), key);
    }
  }
});

test('the same year is planned the same, to the last id', () => {
  const { firstDay, lastDay, timeZone, plan } = years[0]!;
  assert.deepEqual(planYear({ firstDay, lastDay, timeZone }).rounds, plan.rounds);
});

test('ids sort as the movements were planned', () => {
  for (const { plan } of years) {
    const ids = plan.rounds.flatMap(({ steps }) => steps.flatMap((step) => ('id' in step ? [step.id] : [])));
    assert.deepEqual(ids, ids.toSorted());
    assert.equal(new Set(ids).size, ids.length);
  }
});

test('there are some 50 customers and 92 accounts, each with a name of its own', () => {
  assert.equal(new Set(CUSTOMERS.map(({ key }) => key)).size, 50);
  assert.equal(new Set(ACCOUNTS.map(({ key }) => key)).size, 92);
  assert.equal(CUSTOMERS.filter(({ identity }) => identity.type === 'organisation').length, 8);
});

/** The worst order: all that goes out of an account before anything comes in. */
function settleDebitsFirst(
  round: Round,
  balances: Map<string, bigint>,
  movements: Map<string, Movement>,
): void {
  const credits: [string, bigint][] = [];
  for (const step of round.steps) {
    if (step.kind === 'mortgage') credits.push([step.account, step.amountMinor]);
    if (step.kind === 'term_deposit') {
      balances.set(step.account, balances.get(step.account)! - step.amountMinor);
    }
    if (step.kind === 'saving_plan') {
      const wholeMinor = step.amountMinor * BigInt(step.weeks);
      balances.set(step.account, balances.get(step.account)! - wholeMinor);
    }
    if (!('id' in step)) continue;
    if (step.kind !== 'reversal') movements.set(step.id, step);
    const movement = step.kind === 'reversal' ? movements.get(step.transactionId)! : step;
    const [from, to] = sides(movement, step.kind === 'reversal');
    if (to !== undefined) credits.push([to, movement.amountMinor]);
    if (from === undefined) continue;
    const balanceMinor = balances.get(from)! - movement.amountMinor;
    assert.ok(balanceMinor >= -OVERDRAFTS.get(from)!, `${from} pays ${movement.description}`);
    balances.set(from, balanceMinor);
  }
  for (const [key, amountMinor] of credits) balances.set(key, balances.get(key)! + amountMinor);
}

function sides(movement: Movement, reversed: boolean): [from: string | undefined, to: string | undefined] {
  const from = movement.kind === 'deposit' ? undefined : movement.account;
  const to =
    movement.kind === 'deposit' ? movement.account : movement.kind === 'transfer' ? movement.to : undefined;
  return reversed ? [to, from] : [from, to];
}
