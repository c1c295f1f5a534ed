import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeeTermsInput } from '#features/fees/contract.ts';
import type { AppliesTo } from '#features/products/terms.ts';
import type { PaymentMode } from '#features/transactions/transaction.ts';
import type { AccountId } from '#lib/ids.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';
import {
  codeOf,
  Holder,
  lockOf,
  openServer,
  type Sent,
  sentDuring,
  transfer,
  type Way,
} from './flight-bank.ts';

const bank = await openTestBank();
const [one, other] = [openServer(bank), openServer(bank)];
const payee = await bank.newAccount();

const FLOWN: Sent = { flights: 1, begins: 0, others: 0 };
const LOCKED: Pick<Sent, 'flights' | 'begins'> = { flights: 0, begins: 1 };

let products = 0;
let today = isoDate('2026-01-14');

/** A product with some fees, and the account of a new customer on it with 1,000 cents. */
async function newProduct(fees: readonly FeeTermsInput[] = []): Promise<{ code: string; way: Way }> {
  products += 1;
  const code = `product_${products}`;
  const product = { code, currency: EUR, kind: 'current', name: 'Product', accounting: {} } as const;
  await bank.products.create(TEST_CALLER, { ...product, terms: { fees } });
  return { code, way: await newWay(code) };
}

async function newWay(code: string): Promise<Way> {
  const customerId = await bank.newCustomer();
  const opened = { customerId, product: code, currency: EUR, overdraftLimitMinor: 0n };
  const { id } = await bank.accounts.open(TEST_CALLER, opened);
  const money = { accountId: id, amountMinor: 1_000n, currency: EUR, mode: 'cash' } as const;
  await bank.transactions.deposit({ caller: TEST_CALLER, idempotencyKey: newKey(), ...money });
  return { from: id, to: payee };
}

/** Five cents for each transfer. */
const TRANSFER_FEE: FeeTermsInput = { code: 'fee', name: 'Fee', event: 'transfer', amount: '0.05' };

async function addVersion(
  code: string,
  fees: readonly FeeTermsInput[],
  {
    effectiveFrom = today,
    appliesTo = 'all_accounts',
  }: { effectiveFrom?: IsoDate; appliesTo?: AppliesTo } = {},
): Promise<void> {
  const version = { currency: EUR, effectiveFrom, appliesTo, terms: { fees } };
  await one.products.addVersion(TEST_CALLER, code, version);
}

/** Pays until a payment flies, so that the server remembers all that it takes. */
async function warmUp(way: Way, server = other): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const sent = await sentDuring(() => transfer(server, way, 1n));
    if (sent.flights > 0 && sent.begins === 0) return;
  }
  assert.fail('nothing flies');
}

async function cost(id: AccountId, work: () => Promise<unknown>): Promise<bigint> {
  const before = await bank.balanceOf(id);
  await work();
  return before - (await bank.balanceOf(id));
}

function withdraw(accountId: AccountId, mode: PaymentMode): Promise<string> {
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), currency: EUR };
  return codeOf(other.transactions.withdraw({ ...request, accountId, mode, amountMinor: 1n }));
}

const waysOf = ({ flights, begins }: Sent) => ({ flights, begins });

function nextDay(): IsoDate {
  return isoDate(Temporal.PlainDate.from(today).add({ days: 1 }).toString());
}

async function goToNextDay(): Promise<void> {
  today = nextDay();
  await bank.calendar.setDate(TEST_CALLER, today);
}

/** A product whose terms may change on this day: they are of the day before. */
async function newProductOfYesterday(): Promise<{ code: string; way: Way }> {
  const made = await newProduct();
  await goToNextDay();
  return made;
}

/** What a transfer of 10 costs whose product gets a fee while its flight waits for a lock. */
async function costOfOneInFlight({ code, way }: { code: string; way: Way }): Promise<bigint> {
  await warmUp(way);
  const holder = await Holder.open(bank, lockOf(way.from));
  return cost(way.from, async () => {
    const answer = transfer(other, way, 10n);
    await holder.untilWaiting();
    await addVersion(code, [TRANSFER_FEE]);
    await holder.release();
    assert.equal(await answer, 'done');
  });
}

test('the first fee of a bank that another server adds between judging and writing is charged', async () => {
  assert.equal(await costOfOneInFlight(await newProductOfYesterday()), 15n);
});

test('in a bank with a fee in one product, payments of the others fly, and what has a fee is charged', async () => {
  const [free, dear] = [await newProduct(), await newProduct([TRANSFER_FEE])];
  await warmUp(free.way);
  assert.deepEqual(await sentDuring(() => transfer(other, free.way, 1n)), FLOWN);
  for (const _ of [1, 2]) {
    const sent = await sentDuring(async () => {
      assert.equal(await cost(dear.way.from, () => transfer(other, dear.way, 1n)), 6n);
    });
    assert.deepEqual(sent.flights, 0);
  }
  const { from } = free.way;
  const paidIn = await sentDuring(() => transfer(other, { from, to: dear.way.from }, 1n));
  assert.deepEqual(waysOf(paidIn), waysOf(FLOWN));
});

test('a payment of an account with fees flies where they are for other payments', async () => {
  const atm = {
    code: 'atm',
    name: 'Cash machine',
    event: 'withdrawal',
    paymentTypes: ['atm'],
    amount: '0.07',
  };
  const { way } = await newProduct([atm as FeeTermsInput]);
  await warmUp(way);
  assert.deepEqual(waysOf(await sentDuring(() => withdraw(way.from, 'cash'))), waysOf(FLOWN));
  const locked = await sentDuring(async () => {
    await withdraw(way.from, 'atm');
  });
  assert.deepEqual(waysOf(locked), LOCKED);
  assert.equal(await cost(way.from, () => withdraw(way.from, 'atm')), 8n);
});

test('a fee that another server adds between judging and writing is charged', async () => {
  assert.equal(await costOfOneInFlight(await newProductOfYesterday()), 15n);
});

test('a fee that another server added since the terms were remembered is charged, and others fly again', async () => {
  const [same, changed] = [await newProduct(), await newProductOfYesterday()];
  for (const { way } of [changed, same]) await warmUp(way);
  await addVersion(changed.code, [TRANSFER_FEE]);
  assert.equal(await cost(changed.way.from, () => transfer(other, changed.way, 1n)), 6n);
  await warmUp(same.way);
  assert.equal(await cost(changed.way.from, () => transfer(other, changed.way, 1n)), 6n);
});

test('a fee from a later date on is charged from then on', async () => {
  const { code, way } = await newProduct();
  await addVersion(code, [TRANSFER_FEE], { effectiveFrom: nextDay() });
  await warmUp(way);
  assert.deepEqual(await sentDuring(() => transfer(other, way, 1n)), FLOWN);
  await goToNextDay();
  const paid = [];
  for (const _ of [1, 2, 3]) paid.push(await cost(way.from, () => transfer(other, way, 1n)));
  assert.deepEqual(paid, [6n, 6n, 6n]);
  await addVersion(code, [], { effectiveFrom: nextDay() });
  await goToNextDay();
  await warmUp(way);
  assert.equal(await cost(way.from, () => transfer(other, way, 1n)), 1n);
});

test('terms for new accounts are for those alone', async () => {
  const { code, way } = await newProductOfYesterday();
  await addVersion(code, [TRANSFER_FEE], { appliesTo: 'new_accounts' });
  const opened = await newWay(code);
  await warmUp(way);
  for (const _ of [1, 2]) {
    assert.equal(await cost(opened.from, () => transfer(other, opened, 1n)), 6n);
    assert.equal(await cost(way.from, () => transfer(other, way, 1n)), 1n);
  }
  assert.deepEqual(await sentDuring(() => transfer(other, way, 1n)), FLOWN);
});

test('while two servers pay without a pause, what is asked after a fee was added is charged', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { code, way } = await newProductOfYesterday();
    const ways = [way, await newWay(code), await newWay(code)];
    for (const server of [one, other]) for (const each of ways) await warmUp(each, server);
    let isOver = false;
    const paying = [one, other].map(async (server, index) => {
      for (let count = index; !isOver; count += 1) await transfer(server, ways[count % 3] ?? way, 1n);
    });
    await addVersion(code, [TRANSFER_FEE]);
    const after = [one, other].flatMap((server) =>
      ways.flatMap(({ from }) => Array.from({ length: 4 }, () => pay(server, from))),
    );
    const ids = await Promise.all(after);
    isOver = true;
    await Promise.all(paying);
    const fees = await Promise.all(
      ways.map(({ from }) => bank.charges.list(TEST_CALLER, from, { limit: 1_000 })),
    );
    const charged = new Set(fees.flat().map(({ paymentEntryId }) => paymentEntryId));
    assert.deepEqual(
      ids.filter((id) => !charged.has(id)),
      [],
    );
  }
});

async function pay({ transactions }: typeof one, fromAccountId: AccountId) {
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), currency: EUR, amountMinor: 1n };
  const { transaction } = await transactions.transfer({
    ...request,
    fromAccountId,
    to: { accountId: payee },
  });
  return transaction.state.id;
}

test('no server can change the product of an account, which all of them remember', async () => {
  for (const change of ["product_code = 'current'", 'opened_on = opened_on']) {
    const holder = await Holder.open(bank, 'set local role florin_app');
    await assert.rejects(holder.run(`update accounts set ${change}`), { code: '42501' });
    await holder.release();
  }
});

test('the books verify after all of it', async () => {
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});
