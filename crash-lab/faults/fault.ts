/** What the lab does to the bank, each once in a deck. */
export const FAULT_KINDS = [
  'kill -9 of the server',
  'kill -9 of PostgreSQL',
  'kill -9 of both',
  'kill -9 of the postmaster',
  'kill -9 of one backend',
  'server frozen',
  'PostgreSQL frozen',
  'connections to PostgreSQL cut',
  'connections to PostgreSQL half open',
  'PostgreSQL unreachable',
  'connections of clients cut',
  'connections of clients half open',
  'disk full',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** In which something crashes that is to be started again. */
export const CRASHES: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind.startsWith('kill'));

/** Within which the bank serves again: from the strike of what is over at once, else from the fault's end. */
export const SERVED_WITHIN_MS: Readonly<Partial<Record<FaultKind, number>>> = {
  'kill -9 of the server': 5_000,
  'kill -9 of PostgreSQL': 10_000,
  'kill -9 of the postmaster': 10_000,
  'kill -9 of one backend': 10_000,
  'kill -9 of both': 10_000,
};

/** A fault as the plan has it. */
export type Fault = {
  readonly kind: FaultKind;
  /** Of undisturbed traffic before it. */
  readonly pauseMs: number;
  /** How long it goes on, where it does. */
  readonly lastsMs: number;
  /** Whatever else is to be chosen, from 0 to 999. */
  readonly choice: number;
};

/** A fault as it went. */
export type Struck = Fault & {
  /** Until each hot account was served again. */
  readonly recoveryMs: number;
};
