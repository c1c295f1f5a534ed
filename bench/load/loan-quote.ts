import { setImmediate as nextTurn } from 'node:timers/promises';
import { computeQuote, readTerms } from '#features/loans/contract.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { runClients } from './recorder.ts';

type LoanQuoteJob = Extract<DatabaseJob, { kind: 'loan-quote' }>;

/** Thirty years: schedule, totals and both annual rates, by actual days and with a fee. */
const TERMS = {
  amount: '250000.00',
  currency: 'EUR',
  annualRatePercent: '3.75',
  instalments: 360,
  disbursedOn: '2026-01-31',
  dayCount: 'actual/365',
  fees: [{ kind: 'origination', percent: '1' }],
} as const;

/** Quotes a loan of 360 instalments in this process, again and again. */
export function runLoanQuoteJob({ window }: LoanQuoteJob, onWindow: OnWindow): Promise<LoadResult> {
  const quote = async (): Promise<number> => {
    computeQuote(readTerms({ ...TERMS, fees: [...TERMS.fees] }));
    // Otherwise the timer that closes the window would never run.
    await nextTurn();
    return 1;
  };
  return runClients(window, [quote], onWindow);
}
