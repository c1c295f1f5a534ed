import { readdirSync, readFileSync } from 'node:fs';

/** CPU times in /proc are counted in these, on every Linux that Node runs on (USER_HZ). */
const TICKS_A_SECOND = 100;
/** Fields of /proc/<pid>/stat (proc_pid_stat(5)) after the name, which may hold spaces and ends in `)`. */
const PARENT_FIELD = 1;
const OWN_TICKS_FIELDS = [11, 12] as const;
const CHILDREN_TICKS_FIELDS = [13, 14] as const;

type ProcessTimes = { readonly parent: number; readonly ownTicks: number; readonly childrenTicks: number };

/** A process and all that it started. Knows what Linux tells in /proc, and nothing elsewhere. */
export class ProcessTree {
  readonly rootPid: number;

  constructor(rootPid: number) {
    this.rootPid = rootPid;
  }

  /** CPU seconds so far, user and system, of the processes that live and of the children that ended. */
  cpuSeconds(): number | undefined {
    const processes = readProcesses();
    const root = processes.get(this.rootPid);
    if (root === undefined) return undefined;
    let ticks = 0;
    for (const pid of descendants(processes, this.rootPid)) {
      const times = processes.get(pid);
      ticks += (times?.ownTicks ?? 0) + (times?.childrenTicks ?? 0);
    }
    return ticks / TICKS_A_SECOND;
  }

  /** Resident memory of the processes that live. What they share counts for each. */
  rssMiB(): number | undefined {
    const processes = readProcesses();
    if (!processes.has(this.rootPid)) return undefined;
    let kibibytes = 0;
    for (const pid of descendants(processes, this.rootPid)) {
      kibibytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0);
    }
    return kibibytes / 1_024;
  }
}

/** The process that started a process; undefined where /proc is not there to say. */
export function parentOf(pid: number): number | undefined {
  return readTimes(pid)?.parent;
}

function readProcesses(): Map<number, ProcessTimes> {
  const processes = new Map<number, ProcessTimes>();
  if (process.platform !== 'linux') return processes;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const times = Number.isInteger(pid) ? readTimes(pid) : undefined;
    if (times !== undefined) processes.set(pid, times);
  }
  return processes;
}

function descendants(processes: ReadonlyMap<number, ProcessTimes>, rootPid: number): Set<number> {
  const found = new Set([rootPid]);
  // A set hands out what is added while it is walked.
  for (const ancestor of found) {
    for (const [pid, { parent }] of processes) if (parent === ancestor) found.add(pid);
  }
  return found;
}

function readTimes(pid: number): ProcessTimes | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length <= CHILDREN_TICKS_FIELDS[1]) return undefined;
  const sum = (indexes: readonly number[]) =>
    indexes.reduce((total, index) => total + Number(fields[index]), 0);
  return {
    parent: Number(fields[PARENT_FIELD]),
    ownTicks: sum(OWN_TICKS_FIELDS),
    childrenTicks: sum(CHILDREN_TICKS_FIELDS),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process has ended since it was listed, or there is no /proc.
    return '';
  }
}
