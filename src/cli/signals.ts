const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type SignalWatch = {
  /** From now on a signal does this first. */
  readonly leaveBy: (tidyUp: () => Promise<void> | undefined) => void;
  /** If a signal came: waits for the end, which is the process's own. */
  readonly leaving: () => Promise<void>;
  readonly ignore: () => void;
};

/**
 * At the first signal tidies up and then dies of it, so that a shell sees what happened; at the second of its
 * kind dies at once.
 */
export function watchSignals(): SignalWatch {
  let tidyUp: () => Promise<void> | undefined = () => undefined;
  let left: Promise<void> | undefined;
  const leave = (signal: NodeJS.Signals): void => {
    left ??= leaveBySignal(signal, tidyUp);
  };
  for (const signal of STOP_SIGNALS) process.once(signal, leave);
  return {
    leaveBy: (does) => {
      tidyUp = does;
    },
    leaving: () => left ?? Promise.resolve(),
    ignore: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, leave);
    },
  };
}

async function leaveBySignal(signal: NodeJS.Signals, tidyUp: () => Promise<void> | undefined): Promise<void> {
  try {
    await tidyUp();
  } finally {
    process.kill(process.pid, signal);
  }
}
