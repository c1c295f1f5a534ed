/** Percentiles of how long a client waited for one operation (a batch, where batches are sent). */
export type Latency = { readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number };

/** CPU seconds, user and system, that each party took in the measured window; absent where it cannot be told. */
export type CpuSeconds = {
  readonly client?: number;
  readonly server?: number;
  readonly postgres?: number;
};

/** One row in one round. */
export type Measurement = {
  /** Transfers, reads or rows that were done: a batch of 1,000 counts 1,000. */
  readonly operations: number;
  /** In which they were done. */
  readonly elapsedSeconds: number;
  readonly latency: Latency;
  /** For which CPU was counted. */
  readonly windowSeconds: number;
  readonly cpuSeconds: CpuSeconds;
  /** Resident memory of the server right after the row, or of the process that was the bank. */
  readonly serverRssMiB?: number;
  /** The most that this process ever had. */
  readonly peakRssMiB?: number;
  /** Of the file that was made. */
  readonly fileMiB?: number;
};

/** A row that cannot be measured here and now, for a reason that is said in its place. */
export class RowSkipped extends Error {
  override readonly name = 'RowSkipped';
}

export type Row = {
  readonly id: string;
  readonly group:
    | 'A'
    | 'B'
    | 'HTTP'
    | 'backup'
    | 'batch'
    | 'customers'
    | 'end of day'
    | 'history'
    | 'import'
    | 'slope'
    | 'loans';
  readonly title: string;
  /** What is counted. */
  readonly unit: string;
  readonly clients: number;
  /** Measured in no more rounds than these. */
  readonly maxRounds?: number;
  /** Throws RowSkipped. */
  readonly measure: () => Promise<Measurement>;
  /** The same with the server of another checkout, where there is one and it has what is measured. */
  readonly measureOther?: () => Promise<Measurement>;
};
