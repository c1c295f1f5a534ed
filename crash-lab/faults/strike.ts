import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#lib/time/clock.ts';
import type { FaultProxy, Loss } from '../host/fault-proxy.ts';
import type { LabFolder } from '../host/lab-folder.ts';
import type { LabPostgres } from '../host/lab-postgres.ts';
import type { LabServer } from '../host/lab-server.ts';
import type { LoadProcess } from '../host/load-process.ts';
import { CRASHES, type Fault, type Struck } from './fault.ts';

/** What can be struck. */
export type Target = {
  readonly folder: LabFolder;
  readonly postgres: LabPostgres;
  readonly server: LabServer;
  /** Between the server and PostgreSQL. */
  readonly databaseWay: FaultProxy;
  /** Between the clients and the server. */
  readonly clientWay: FaultProxy;
  readonly load: LoadProcess;
};

/** With dozens a second one comes at once; the crash does not wait for a bank that is busy with something else. */
const ACKNOWLEDGED_WITHIN_MS = 1_000;

const LOSSES: readonly Loss[] = ['answers', 'requests', 'both'];

/** Strikes, lets it last, ends it, and waits until the bank serves again. Throws when it does not. */
export async function strike(target: Target, fault: Fault): Promise<Struck> {
  // A crash comes the moment somebody has been told that it happened: nobody has had time to make good on that.
  if (CRASHES.includes(fault.kind)) await target.load.nextAcknowledged(ACKNOWLEDGED_WITHIN_MS);
  const end = begin(target, fault);
  if (end !== undefined) {
    await sleep(fault.lastsMs);
    end();
  }
  const fromMs = systemClock.nowMs();
  const servedMs = await target.load.servedAgain();
  return { ...fault, recoveryMs: servedMs - fromMs };
}

/** Begins a fault; returns what ends it, where it does not end with its beginning. */
function begin(target: Target, { kind, choice }: Fault): (() => void) | undefined {
  const { folder, postgres, server, databaseWay, clientWay } = target;
  const loss = LOSSES[choice % LOSSES.length] ?? 'both';
  switch (kind) {
    case 'kill -9 of the server':
      server.signal('SIGKILL');
      return undefined;
    case 'kill -9 of PostgreSQL':
      postgres.kill();
      return undefined;
    case 'kill -9 of both':
      postgres.kill();
      server.signal('SIGKILL');
      return undefined;
    case 'kill -9 of the postmaster':
      postgres.killPostmaster();
      return undefined;
    case 'kill -9 of one backend':
      postgres.killBackend((count) => choice % count);
      return undefined;
    case 'server frozen':
      server.signal('SIGSTOP');
      return () => server.signal('SIGCONT');
    case 'PostgreSQL frozen':
      postgres.freeze();
      return () => postgres.thaw();
    case 'connections to PostgreSQL cut':
      databaseWay.cut();
      return undefined;
    case 'connections to PostgreSQL half open':
      databaseWay.halfOpen(loss);
      return () => databaseWay.restore();
    case 'PostgreSQL unreachable':
      databaseWay.block();
      return () => databaseWay.restore();
    case 'connections of clients cut':
      clientWay.cut();
      return undefined;
    case 'connections of clients half open':
      clientWay.halfOpen(loss);
      return () => clientWay.restore();
    case 'disk full':
      folder.fillDisk();
      return () => folder.freeDisk();
  }
}
