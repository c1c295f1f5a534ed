import { type Bank, openBank } from '#bank/open-bank.ts';
import type { Config } from '#config/config.ts';
import { loadConfig } from '#config/load-config.ts';
import type { EmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { describeFailure } from './failures.ts';
import { guardStreams, note, noteProgress } from './output.ts';
import { watchSignals } from './signals.ts';

/** On whose behalf the command line acts: journal entries and idempotency keys are this actor's. */
export const CLI_CALLER = { actor: 'cli', role: 'operator' } as const;

/** Runs a command line and sets the process's exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function run(command: () => Promise<unknown>): Promise<void> {
  guardStreams();
  try {
    await command();
  } catch (error) {
    const { line, exitCode } = describeFailure(error);
    if (line !== undefined) note(`${line}\n`);
    if (['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '')) console.error(error);
    process.exitCode = exitCode;
  }
}

export type BankOptions = {
  /** Imports and verification are not cut off by a time limit. */
  readonly longWork?: boolean;
  /** What is to be done with a migrated database before its book is opened. */
  readonly prepare?: (
    config: Config,
    databaseUrl: string,
    embedded: EmbeddedPostgres | undefined,
  ) => Promise<void>;
};

/**
 * Opens the bank for one piece of work and closes it after it, whatever came of it. A signal meanwhile drops the
 * work: the database takes back what was not committed, and the embedded server stops if nobody else uses it.
 */
export async function withBank<Result>(
  work: (bank: Bank) => Promise<Result>,
  { longWork = false, prepare }: BankOptions = {},
): Promise<Result> {
  const { config } = loadConfig();
  const signals = watchSignals();
  try {
    const bank = await openBank(config, {
      longWork,
      onProgress: noteProgress,
      beforeOpening: async (databaseUrl, embedded, dataKey) => {
        signals.leaveBy(() => embedded?.close());
        await prepare?.({ ...config, dataKey }, databaseUrl, embedded);
      },
    });
    signals.leaveBy(() => bank.abandon());
    return await useAndClose(bank, work);
  } catch (error) {
    await signals.leaving();
    throw error;
  } finally {
    signals.ignore();
  }
}

async function useAndClose<Result>(bank: Bank, work: (bank: Bank) => Promise<Result>): Promise<Result> {
  let result: Result;
  try {
    result = await work(bank);
  } catch (error) {
    // Why the work failed says more than why the closing did.
    await bank.close().catch(() => undefined);
    throw error;
  }
  await bank.close();
  return result;
}
