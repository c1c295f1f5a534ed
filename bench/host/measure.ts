import type { LoadResult } from '../load/protocol.ts';
import type { Measurement } from '../measurement.ts';
import type { WindowWatch } from './load-process.ts';
import type { ProcessTree } from './process-tree.ts';

type Watched = { readonly tree: ProcessTree | undefined };
/** The processes that work for a job, besides the one that runs it. */
export type Workers = { readonly postgres: Watched; readonly server?: Watched };

/** Runs a job and adds the CPU time of the workers in its window. Throws when nothing was done. */
export async function measureJob(
  { postgres, server }: Workers,
  run: (watch: WindowWatch) => Promise<LoadResult>,
): Promise<Measurement> {
  const postgresCpu = new CpuMeter(postgres.tree);
  const serverCpu = new CpuMeter(server?.tree);
  const meters = [postgresCpu, serverCpu];
  const result = await run({
    onOpened: () => {
      for (const meter of meters) meter.start();
    },
    onClosed: () => {
      for (const meter of meters) meter.stop();
    },
  });
  if (result.operations === 0) throw new Error('nothing was done in the window');
  const rssMiB = server?.tree?.rssMiB() ?? result.rssMiB;
  return {
    operations: result.operations,
    elapsedSeconds: result.elapsedSeconds,
    windowSeconds: result.windowSeconds,
    latency: result.latency,
    cpuSeconds: {
      client: result.cpuSeconds,
      ...(serverCpu.seconds === undefined ? {} : { server: serverCpu.seconds }),
      ...(postgresCpu.seconds === undefined ? {} : { postgres: postgresCpu.seconds }),
    },
    ...(rssMiB === undefined ? {} : { serverRssMiB: rssMiB }),
    ...(result.peakRssMiB === undefined ? {} : { peakRssMiB: result.peakRssMiB }),
  };
}

/** The CPU time of a process tree between two moments; undefined where it is unknown. */
class CpuMeter {
  readonly #tree: ProcessTree | undefined;
  #before: number | undefined;
  #after: number | undefined;

  constructor(tree: ProcessTree | undefined) {
    this.#tree = tree;
  }

  start(): void {
    this.#before = this.#tree?.cpuSeconds();
  }

  stop(): void {
    this.#after = this.#tree?.cpuSeconds();
  }

  get seconds(): number | undefined {
    if (this.#before === undefined || this.#after === undefined) return undefined;
    return this.#after - this.#before;
  }
}
