import type { Bench } from '../bench.ts';
import type { Row } from '../measurement.ts';
import { backupRows } from './backup.ts';
import { tpcbRow, tutorialRow } from './baselines.ts';
import { chargesRows } from './charges.ts';
import { customerSearchRow } from './customers.ts';
import { endOfDayRow, monthEndRow } from './end-of-day.ts';
import { historyRows } from './history.ts';
import { batchRow, httpRow, slopeRow, workersRow } from './http.ts';
import { interestRows } from './interest.ts';
import { loanQuoteRow, loansDayRow } from './loans.ts';
import { newBankRow } from './new-bank.ts';
import { importRow, kernelRow } from './without-server.ts';

/** Every row, in the order of a round: rows that are compared are neighbours, since a machine's speed drifts. */
export function createRows(bench: Bench): Row[] {
  return [
    tutorialRow(bench, 1),
    httpRow(bench, 'transfers', 1),
    tpcbRow(bench, 16),
    tutorialRow(bench, 16),
    httpRow(bench, 'transfers', 16),
    tpcbRow(bench, 64),
    httpRow(bench, 'transfers', 64),
    tutorialRow(bench, 64),
    tpcbRow(bench, 64, true),
    httpRow(bench, 'hot', 64),
    newBankRow(bench, 64),
    workersRow(bench, 2, 64),
    httpRow(bench, 'transfers', 256),
    httpRow(bench, 'deposits', 64),
    httpRow(bench, 'balances', 64),
    httpRow(bench, 'lines', 64),
    httpRow(bench, 'mix', 64),
    batchRow(bench, 1_000),
    batchRow(bench, 10_000),
    kernelRow(bench),
    slopeRow(bench, 'short', 64),
    slopeRow(bench, 'long', 64),
    ...historyRows(bench),
    // It takes a minute to make the customers.
    ...(bench.plan.mode === 'quick' ? [] : [customerSearchRow(bench)]),
    importRow(bench),
    endOfDayRow(bench),
    monthEndRow(bench),
    ...interestRows(bench),
    ...chargesRows(bench),
    // It takes minutes, more than a quick run has.
    ...(bench.plan.mode === 'quick' ? [] : backupRows(bench)),
    loansDayRow(bench),
    loanQuoteRow(bench),
  ];
}
