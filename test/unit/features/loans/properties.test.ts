import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { payoffOn } from '#features/loans/schedule/payoff.ts';
import { computeQuote } from '#features/loans/schedule/quote.ts';
import { readTerms, type TermsInput } from '#features/loans/schedule/read-terms.ts';
import { computeInstalments, computeSchedule } from '#features/loans/schedule/schedule.ts';
import { type LoanTerms, principalOf } from '#features/loans/schedule/terms.ts';
import { isRefusal } from '#lib/errors.ts';
import { addDays } from '#lib/time/dates.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { randomTerms } from './random-terms.ts';

const RUNS = propertyRuns(500);

/** Holds a law against random terms; says how many were no contradiction. */
function holdsForAll(law: (terms: LoanTerms, input: TermsInput) => void): void {
  let judged = 0;
  fc.assert(
    fc.property(randomTerms, (input) => {
      let terms: LoanTerms;
      try {
        terms = readTerms(input);
        computeQuote(terms);
      } catch (error) {
        // Terms may be refused, and nothing else may go wrong with them.
        assert.ok(isRefusal(error), String(error));
        return;
      }
      judged += 1;
      law(terms, input);
    }),
    { numRuns: RUNS },
  );
  assert.ok(judged > RUNS / 10, `${judged} of ${RUNS} terms made a loan`);
}

test('the principal repaid sums up to the principal lent, and the outstanding follows it to zero', () => {
  holdsForAll((terms) => {
    const { rows, totals } = computeSchedule(terms);
    assert.equal(totals.principalMinor, principalOf(terms));
    let repaid = 0n;
    for (const { dueOn, principalMinor, outstandingMinor } of rows) {
      repaid += principalMinor;
      const lent = terms.disbursements.filter(({ on }) => on <= dueOn);
      const lentMinor = lent.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      assert.equal(outstandingMinor, lentMinor - repaid);
    }
    assert.equal(rows.at(-1)?.outstandingMinor, 0n);
  });
});

test('nothing in a schedule is negative, and a loan that is repaid costs no more fees', () => {
  holdsForAll((terms) => {
    const { rows } = computeSchedule(terms);
    for (const { principalMinor, interestMinor, feesMinor, totalMinor, outstandingMinor } of rows) {
      for (const one of [principalMinor, interestMinor, feesMinor, totalMinor]) assert.ok(one >= 0n);
      assert.ok(outstandingMinor >= 0n);
      if (principalMinor + interestMinor + outstandingMinor === 0n) assert.equal(feesMinor, 0n);
    }
  });
});

test('totals are the sums of the rows, across and down', () => {
  holdsForAll((terms) => {
    const { rows, totals } = computeSchedule(terms);
    for (const amount of ['principalMinor', 'interestMinor', 'feesMinor', 'totalMinor'] as const) {
      assert.equal(
        rows.reduce((sum, row) => sum + row[amount], 0n),
        totals[amount],
      );
    }
    for (const { principalMinor, interestMinor, feesMinor, totalMinor } of rows) {
      assert.equal(totalMinor, principalMinor + interestMinor + feesMinor);
    }
  });
});

test('instalments are numbered and fall due one after the other', () => {
  holdsForAll((terms) => {
    const { rows } = computeSchedule(terms);
    const instalments = rows.slice(-terms.instalments);
    assert.equal(instalments.length, terms.instalments);
    assert.equal(instalments[0]?.dueOn, terms.firstDueOn);
    for (const [index, { dueOn, number }] of rows.entries()) {
      assert.equal(number, (rows[0]?.number ?? 0) + index);
      const before = rows[index - 1]?.dueOn;
      if (before !== undefined && number > rows.length - terms.instalments) assert.ok(dueOn >= before);
    }
    const dates = new Set(instalments.map(({ dueOn }) => dueOn));
    assert.equal(dates.size, terms.instalments);
  });
});

test('a schedule computed anew is the same, in whatever order its changes are told', () => {
  holdsForAll((terms, input) => {
    const copy = JSON.parse(JSON.stringify(input)) as TermsInput;
    const disbursements = copy.disbursements?.toReversed();
    const again = { ...copy, rateChanges: copy.rateChanges?.toReversed(), disbursements };
    assert.deepEqual(computeSchedule(readTerms(again)), computeSchedule(terms));
  });
});

test('what would repay the loan on a due date is what is outstanding, and all interest due is paid', () => {
  holdsForAll((terms) => {
    const { rows } = computeSchedule(terms);
    const after = rows.slice(-terms.instalments).slice(terms.graceInterest);
    for (const row of [after.at(0), after.at(after.length / 2), after.at(-1)]) {
      if (row === undefined) continue;
      assert.deepEqual(payoffOn(terms, row.dueOn), {
        principalMinor: row.outstandingMinor,
        interestMinor: 0n,
      });
    }
  });
});

test('interest that a grace deferred is owed meanwhile, and due with the first instalment after it', () => {
  holdsForAll((terms) => {
    const { graceInterest } = terms;
    const { instalments } = computeInstalments(terms);
    const [last, next] = [instalments[graceInterest - 1], instalments[graceInterest]];
    if (last === undefined || next === undefined) return;
    const { interestMinor } = payoffOn(terms, last.period.dueOn);
    assert.equal(next.interestMinor, interestMinor + next.earnedMinor);
  });
});

test('interest to a date grows with the days', () => {
  holdsForAll((terms) => {
    if (terms.disbursements.length > 1) return;
    const day = terms.disbursedOn;
    let before = 0n;
    for (let on = day; on < terms.firstDueOn; on = addDays(on, 7)) {
      const { interestMinor } = payoffOn(terms, on);
      assert.ok(interestMinor >= before, `${on}: ${interestMinor} < ${before}`);
      before = interestMinor;
    }
  });
});

test('without fees the annual rate of equal periods is the compounded nominal rate', () => {
  const rate = fc.integer({ min: 0, max: 10_000 });
  const unit = fc.constantFrom(['month', 12] as const, ['week', 52] as const);
  const method = fc.constantFrom('annuity' as const, 'equal_principal' as const, 'bullet' as const);
  fc.assert(
    fc.property(
      rate,
      unit,
      method,
      fc.integer({ min: 1, max: 120 }),
      (hundredths, [of, perYear], how, count) => {
        const terms = readTerms({
          // So much that a cent of rounding is nothing.
          amount: '999999999999.00',
          currency: 'EUR',
          annualRatePercent: `${Math.floor(hundredths / 100)}.${(hundredths % 100).toString().padStart(2, '0')}`,
          instalments: count,
          every: { count: 1, unit: of },
          method: how,
          interestPer: 'period',
          disbursedOn: '2024-01-31',
        });
        const nominal = hundredths / 10_000;
        const effective = (1 + nominal / perYear) ** perYear - 1;
        for (const rule of ['eu', 'us'] as const) {
          const { apr, effectiveAnnualRate } = computeQuote(terms, rule);
          assert.ok(Math.abs(effectiveAnnualRate - effective) < 1e-9, `${effectiveAnnualRate} ${effective}`);
          assert.ok(Math.abs(apr - (rule === 'us' ? nominal : effective)) < 1e-9, `${rule} ${apr}`);
        }
      },
    ),
    { numRuns: propertyRuns(300) },
  );
});

test('fees raise the annual rate and leave the effective rate of the interest alone', () => {
  holdsForAll((terms) => {
    const withFees = computeQuote(terms);
    const without = computeQuote({ ...terms, fees: [] });
    assert.equal(withFees.effectiveAnnualRate, without.effectiveAnnualRate);
    if (withFees.schedule.totals.feesMinor > 0n) assert.ok(withFees.apr > without.apr);
    else assert.equal(withFees.apr, without.apr);
  });
});
