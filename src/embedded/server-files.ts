import type { ServerAccount } from './account.ts';

/** Everything needed to run the programs of one embedded server. */
export type ServerFiles = {
  readonly clusterDir: string;
  readonly binDir: string;
  readonly logFile: string;
  /** Undefined to run as ourselves. */
  readonly account: ServerAccount | undefined;
  readonly onProgress: (line: string) => void;
};
