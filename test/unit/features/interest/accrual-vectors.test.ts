import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeInterestQuote, readInterestQuote } from '#features/interest/quote/quote.ts';
import { interestQuoteView } from '#features/interest/quote/view.ts';
import { withoutVectors } from './deposit-vectors.ts';
import { exactInterest, quoted } from './runs.ts';
import { VECTOR_QUOTES } from './vector-quotes.ts';

for (const { id, request, shown, expected } of VECTOR_QUOTES) {
  test(`${id} as published`, () => {
    const input = readInterestQuote(request);
    assert.deepEqual(shown(interestQuoteView(input, computeInterestQuote(input))), expected);
  });
}

test('the conventions that differ are other terms, or refused', { skip: withoutVectors }, () => {
  const week = {
    balance: '2000',
    rate: '3.6',
    dayCount: 'actual/366',
    posting: 'maturity',
    days: 7,
  } as const;
  assert.equal(quoted(week).run.postings[0]?.creditMinor, 138n);
  assert.equal(exactInterest(quoted({ ...week, days: 1 }), 8, 'half_up'), '0.19672131');
  const december = {
    rate: '8',
    compounding: 'daily',
    overdraft: { arrangedRate: '12', unarrangedRate: '12' },
    balances: [
      { from: '2015-12-01', amount: '-10000' },
      { from: '2015-12-25', amount: '5000' },
    ],
    from: '2015-12-01',
    to: '2015-12-31',
  } as const;
  const [posting] = quoted({ ...december, balances: [...december.balances] }).run.postings;
  assert.deepEqual([posting?.unarrangedMinor, posting?.creditMinor], [7_920n, 768n]);
  // Method B of Regulation DD for the balances of method A.
  const tiers = [
    { upTo: '2500', rate: '5.25' },
    { upTo: '15000', rate: '5.50' },
    { upTo: null, rate: '5.75' },
  ];
  const year = (balance: string) =>
    quoted({ balance, tiers, compounding: 'daily', posting: 'maturity', days: 365 }).run.postings[0]
      ?.creditMinor;
  assert.deepEqual([year('2500.01'), year('15000.01')], [13_475n, 84_145n]);
});
