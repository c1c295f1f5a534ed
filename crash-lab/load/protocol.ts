/** The load generator's instructions: the server, the traffic, and the log file. */
export type LoadJob = {
  readonly url: string;
  readonly token: string;
  readonly accounts: readonly string[];
  /** The number of accounts, from the first, that take a great part of the traffic. */
  readonly hotAccounts: number;
  readonly clients: number;
  readonly seed: number;
  readonly logFile: string;
};

export type ToLoad =
  | { readonly type: 'start'; readonly job: LoadJob }
  /** Asks to be told when each hot account is served by a request that is sent from now on. */
  | { readonly type: 'watch'; readonly watch: number }
  /** Asks to be told of the next acknowledgement, the moment it comes. */
  | { readonly type: 'listen' }
  | { readonly type: 'stop' };

export type FromLoad =
  | { readonly type: 'served'; readonly watch: number; readonly atMs: number }
  | { readonly type: 'acknowledged' }
  | { readonly type: 'stopped' };
