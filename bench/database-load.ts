// Everything that is measured without the server, in its own process, so that its CPU time is separate from PostgreSQL's.
import { unreachable } from '#lib/assert.ts';
import { runBackupJob } from './load/backup.ts';
import { runImportJob } from './load/berka-import.ts';
import { runChargesJob } from './load/charges.ts';
import { runEndOfDayJob } from './load/end-of-day.ts';
import { runInterestJob } from './load/interest.ts';
import { runKernelJob } from './load/kernel.ts';
import { runLoanQuoteJob } from './load/loan-quote.ts';
import { runLoansDayJob } from './load/loans-day.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './load/protocol.ts';
import { isJobOf, serveJobs } from './load/serve-jobs.ts';
import { runTpcbJob } from './load/tpcb.ts';
import { runTutorialJob } from './load/tutorial.ts';

const KINDS: readonly DatabaseJob['kind'][] = [
  'tutorial',
  'tpcb',
  'kernel',
  'import',
  'end-of-day',
  'month-end',
  'backup',
  'restore',
  'interest',
  'charges-day',
  'charges-month-end',
  'loans-day',
  'loan-quote',
];

serveJobs((message): message is DatabaseJob => isJobOf(message, KINDS), run);

function run(job: DatabaseJob, onWindow: OnWindow): Promise<LoadResult> {
  switch (job.kind) {
    case 'tutorial':
      return runTutorialJob(job, onWindow);
    case 'tpcb':
      return runTpcbJob(job, onWindow);
    case 'kernel':
      return runKernelJob(job, onWindow);
    case 'import':
      return runImportJob(job, onWindow);
    case 'end-of-day':
    case 'month-end':
      return runEndOfDayJob(job, onWindow);
    case 'backup':
    case 'restore':
      return runBackupJob(job, onWindow);
    case 'interest':
      return runInterestJob(job, onWindow);
    case 'charges-day':
    case 'charges-month-end':
      return runChargesJob(job, onWindow);
    case 'loans-day':
      return runLoansDayJob(job, onWindow);
    case 'loan-quote':
      return runLoanQuoteJob(job, onWindow);
    default:
      return unreachable(job);
  }
}
