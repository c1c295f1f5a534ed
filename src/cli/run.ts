import type { Bank } from '#src/bank.ts';
import { openBank } from '#src/bank.ts';
import { readConfig } from '#src/config.ts';
import { describeFailure } from './failures.ts';
import { guardStreams, note } from './output.ts';

/** On whose behalf the command line acts: journal entries and idempotency keys are this actor's. */
export const CLI_CALLER = { actor: 'cli' };

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
};

/**
 * Opens the bank for one piece of work and closes it after it, whatever came of it. A signal meanwhile drops the
 * work: the database takes back what was not committed, and the embedded server stops if nobody else uses it.
 */
export async function withBank<Result>(
  work: (bank: Bank) => Promise<Result>,
  { longWork = false }: BankOptions = {},
): Promise<Result> {
  const bank = await openBank(readConfig(process.env), { longWork, onProgress: noteProgress });
  const signals = leaveOnSignal(bank);
  let result: Result;
  try {
    result = await work(bank);
  } catch (error) {
    await signals.leaving();
    // Why the work failed says more than why the closing did.
    await bank.close().catch(() => undefined);
    throw error;
  } finally {
    signals.ignore();
  }
  await bank.close();
  return result;
}

/** Starting the embedded server may take a moment; a script has no use for hearing so. */
export function noteProgress(line: string): void {
  if (process.stderr.isTTY) note(`${line}\n`);
}

type SignalWatch = {
  /** If a signal came: waits for its end, which is the process's own. */
  readonly leaving: () => Promise<void>;
  readonly ignore: () => void;
};

function leaveOnSignal(bank: Bank): SignalWatch {
  let left: Promise<void> | undefined;
  const leave = (signal: NodeJS.Signals): void => {
    left ??= leaveBank(bank, signal);
  };
  for (const signal of STOP_SIGNALS) process.once(signal, leave);
  return {
    leaving: () => left ?? Promise.resolve(),
    ignore: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, leave);
    },
  };
}

/** Dies of the signal in the end, so that a shell sees what happened. */
async function leaveBank(bank: Bank, signal: NodeJS.Signals): Promise<void> {
  try {
    await bank.embedded?.close();
  } finally {
    process.kill(process.pid, signal);
  }
}
