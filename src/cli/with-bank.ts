import type { Bank } from '#bank/open-bank.ts';
import type { Config } from '#config/config.ts';
import type { EmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import type { Shell } from './shell.ts';
import { watchSignals } from './signals.ts';

export type BankOptions = {
  /** Brings the database to this version's schema first: what loads a bank into an empty database. */
  readonly migrates?: boolean;
  /** Verification and reports are not cut off by a time limit. */
  readonly longWork?: boolean;
  /** It writes so much that the planner's statistics are gathered after it. */
  readonly loads?: boolean;
  /** What is to be done with a migrated database before its book is opened. */
  readonly prepare?: (
    config: Config,
    databaseUrl: string,
    embedded: EmbeddedPostgres | undefined,
  ) => Promise<void>;
};

/**
 * Opens the bank for one piece of work and closes it afterwards, whatever the outcome. A signal in between drops the
 * work: the database takes back what was not committed, and the embedded server stops if nobody else uses it.
 */
export async function withBank<Result>(
  shell: Shell,
  work: (bank: Bank, config: Config) => Promise<Result>,
  { migrates = false, longWork = false, loads = false, prepare }: BankOptions = {},
): Promise<Result> {
  const [{ config }, { openBank }] = await Promise.all([shell.loadConfig(), import('#bank/open-bank.ts')]);
  const signals = watchSignals();
  let loaded: string | undefined;
  try {
    const bank = await openBank(config, {
      migrates,
      longWork,
      onProgress: (line) => shell.noteProgress(line),
      beforeOpening: async (databaseUrl, embedded, dataKey) => {
        signals.leaveBy(() => embedded?.close());
        if (loads) loaded = databaseUrl;
        await prepare?.({ ...config, dataKey }, databaseUrl, embedded);
      },
    });
    signals.leaveBy(() => bank.abandon());
    return await useAndClose(bank, async () => {
      const result = await work(bank, config);
      if (loaded !== undefined) {
        const { gatherStatistics } = await import('#db/gather-statistics.ts');
        await gatherStatistics(loaded);
      }
      return result;
    });
  } catch (error) {
    await signals.leaving();
    throw error;
  } finally {
    signals.ignore();
  }
}

async function useAndClose<Result>(bank: Bank, work: () => Promise<Result>): Promise<Result> {
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    // Why the work failed says more than why the closing did.
    await bank.close().catch(() => undefined);
    throw error;
  }
  await bank.close();
  return result;
}
