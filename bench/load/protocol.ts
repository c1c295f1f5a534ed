import type { IsoDate } from '#lib/time/dates.ts';
import type { Latency } from '../measurement.ts';

/** Operations that end before the window opens or after it closes are not counted. */
export type Window = { readonly warmupMs: number; readonly measureMs: number };

/** What HTTP clients do over and over. */
export const SCENARIOS = ['transfers', 'hot', 'deposits', 'balances', 'lines', 'mix'] as const;

/** The scenarios of the HTTP clients. */
export type Scenario =
  | { readonly name: (typeof SCENARIOS)[number] }
  | { readonly name: 'batch'; readonly items: number };

type Common = { readonly window: Window; readonly clients: number; readonly accounts: number };

/** Work for the HTTP load generator. */
export type HttpJob = Common & {
  readonly kind: 'http';
  readonly url: string;
  /** Of the server's API key, which every request carries. */
  readonly token: string;
  readonly scenario: Scenario;
};

/** Work on the database itself, for the database load process. */
export type DatabaseJob =
  | (Common & { readonly kind: 'tutorial'; readonly databaseUrl: string })
  | (Common & { readonly kind: 'tpcb'; readonly databaseUrl: string; readonly branches: number })
  | (Common & { readonly kind: 'kernel'; readonly databaseUrl: string; readonly batch: number })
  | { readonly kind: 'import'; readonly databaseUrl: string; readonly directory: string }
  | { readonly kind: 'end-of-day' | 'month-end'; readonly databaseUrl: string }
  | { readonly kind: 'backup' | 'restore'; readonly databaseUrl: string; readonly file: string }
  | { readonly kind: 'interest'; readonly databaseUrl: string }
  | {
      readonly kind: 'charges-day' | 'charges-month-end';
      readonly databaseUrl: string;
      readonly monthEnd: IsoDate;
    }
  | { readonly kind: 'loans-day'; readonly databaseUrl: string }
  | { readonly kind: 'loan-quote'; readonly window: Window };

/** The load process's own measurements in the window. */
export type LoadResult = {
  readonly operations: number;
  /** In which they were done. */
  readonly elapsedSeconds: number;
  /** For which the window was open, and CPU was counted. */
  readonly windowSeconds: number;
  readonly latency: Latency;
  /** CPU of the load process. */
  readonly cpuSeconds: number;
  /** Its resident memory right after the job, where it is the bank itself. */
  readonly rssMiB?: number;
  /** The most that it ever was in the life of the process. */
  readonly peakRssMiB?: number;
};

/** From a load process, in this order: the window opens, it closes, all clients have come to an end. */
export type Reply =
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  | { readonly type: 'done'; readonly result: LoadResult }
  | { readonly type: 'failed'; readonly message: string };

/** Called when the window opens and closes. */
export type OnWindow = (type: 'opened' | 'closed') => void;
