/** How large things are. Change them here, or give a stack settings of its own. */
export type BankSettings = {
  /** Instance type of the hosts (x86: Florin's image is for that); one Florin runs on each, with a worker a core. */
  readonly hostType: string;
  readonly workersPerHost: number;
  /** Further variables of Florin, such as FLORIN_READ_ONLY. No secrets: the template shows them. */
  readonly variables: Readonly<Record<string, string>>;
  /** At all times, in two availability zones. */
  readonly minHosts: number;
  /** One more than the fewest at least: a host is replaced by another beside it. */
  readonly maxHosts: number;
  readonly databaseType: string;
  readonly storageGib: number;
  /** Storage grows by itself up to here. */
  readonly maxStorageGib: number;
  /** Days that the database can be restored to any second of; 35 is the most that RDS keeps. */
  readonly backupDays: number;
  /** Days that logs and the load balancer's record of requests are kept. */
  readonly logDays: number;
  /** Thresholds of the alarms. */
  readonly alarms: {
    readonly p99Seconds: number;
    readonly serverErrorsPerMinute: number;
    readonly cpuPercent: number;
    readonly freeStorageGib: number;
    /** Below max_connections, which RDS sets by the memory of the instance. */
    readonly databaseConnections: number;
  };
};

/** Some hundred transfers a second with room to spare, on the smallest machines that are not meant to burst. */
export const SMALL_BANK: BankSettings = {
  hostType: 'c7i.large',
  workersPerHost: 2,
  // Two checks of the load balancer, five seconds apart, and one second more: then it sends nothing any more.
  variables: { LOG_LEVEL: 'info', FLORIN_DRAIN_SECONDS: '11' },
  minHosts: 2,
  maxHosts: 4,
  databaseType: 'm7g.large',
  storageGib: 100,
  maxStorageGib: 1000,
  backupDays: 35,
  logDays: 400,
  alarms: {
    p99Seconds: 1,
    serverErrorsPerMinute: 5,
    cpuPercent: 80,
    freeStorageGib: 20,
    databaseConnections: 600,
  },
};
