import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentDuring } from '#test/database/ledger/flight-bank.ts';
import { created, move, openApi, triedOut } from '#test/support/api.ts';

const api = await openApi();

/** Flights begin once something of the book is known, and after failures that others caused. */
const MOST_TRIES = 20;

test('what is remembered of accounts is not changed by a dry run: the next transfer flies', async () => {
  const [from, to] = [await api.newAccount({ balance: '100.00' }), await api.newAccount({ balance: '1.00' })];
  let flights = 0;
  for (let tries = 0; flights === 0 && tries < MOST_TRIES; tries += 1) {
    flights = (await sentDuring(() => api.transfer(from, to, '0.01'))).flights;
  }
  assert.equal(flights, 1);
  const tried = await sentDuring(async () => {
    created(await triedOut(() => api.pay('/v1/transfers', move(from, to, '50.00'))));
  });
  assert.equal(tried.flights, 0);
  const sent = await sentDuring(() => api.transfer(from, to, '1.00'));
  assert.deepEqual([sent.flights, sent.begins], [1, 0]);
});
