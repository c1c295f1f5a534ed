import type { Window } from './load/protocol.ts';

export type Mode = 'full' | 'quick' | 'smoke';

/** The amount of work in a mode. */
export type Plan = {
  readonly mode: Mode;
  readonly rounds: number;
  /** Of each row and round. */
  readonly window: Window;
  /** Customers' accounts with an opening balance, besides the hot one. */
  readonly accounts: number;
  /** Persons among whom customers are searched for. */
  readonly customers: number;
  /** Blocks of history: one line for each account with the account of the long history, and eight among them. */
  readonly historyBlocks: number;
  /** Calls of each read of the history a round. */
  readonly historyReads: number;
  /** The number of rounds in which the import is measured; it has no time window. */
  readonly importRounds: number;
  /** Whether a bank of three customers stands for the Berka bank. */
  readonly importsSmallBank: boolean;
  /** Whether the ledger with the history is kept for the next run. */
  readonly keepsHistory: boolean;
};

/**
 * Enough accounts that two clients rarely meet, and few enough that every implementation's fit in memory: what is
 * compared is posting, not disks.
 */
const ACCOUNTS = 100_000;

/**
 * Windows are as long as the bound on the whole run lets them be; it is 10 minutes, without the backup and its restore,
 * 90 seconds and 25 seconds.
 */
export const PLANS: Readonly<Record<Mode, Plan>> = {
  full: {
    mode: 'full',
    rounds: 3,
    window: { warmupMs: 1_000, measureMs: 5_000 },
    accounts: ACCOUNTS,
    customers: 1_000_000,
    historyBlocks: 10,
    historyReads: 1_000,
    importRounds: 3,
    importsSmallBank: false,
    keepsHistory: true,
  },
  quick: {
    mode: 'quick',
    rounds: 3,
    window: { warmupMs: 100, measureMs: 600 },
    accounts: ACCOUNTS,
    customers: 1_000_000,
    historyBlocks: 1,
    historyReads: 200,
    importRounds: 1,
    importsSmallBank: false,
    keepsHistory: true,
  },
  smoke: {
    mode: 'smoke',
    rounds: 1,
    window: { warmupMs: 50, measureMs: 250 },
    accounts: 1_000,
    customers: 1_000,
    historyBlocks: 1,
    historyReads: 20,
    importRounds: 1,
    importsSmallBank: true,
    keepsHistory: false,
  },
};
