import cluster from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { within } from '#lib/concurrency/within.ts';
import { watchError } from './errors.ts';
import { isMetricsMessage, type MetricsMessage } from './metrics-exchange.ts';

/** Longer than the primary waits for other workers. */
const PATIENCE_MS = 4_000;

export type MetricsText = { readonly contentType: string; readonly text: string };

/**
 * Reads metrics in Prometheus's text format: this process's, or in a worker those of all, added up with the primary's
 * help.
 */
export function shareMetrics(registry: Registry): () => Promise<MetricsText> {
  return cluster.isWorker ? shareInWorker(registry) : () => textOf(registry);
}

async function textOf(registry: Registry): Promise<MetricsText> {
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function shareInWorker(registry: Registry): () => Promise<MetricsText> {
  const wanted = new Map<number, (values: readonly object[]) => void>();
  let last = 0;
  process.on('message', (message: unknown) => {
    if (!isMetricsMessage(message)) return;
    if (message.metrics === 'asked') void tell(registry, message.id);
    else if (message.metrics === 'gathered') wanted.get(message.id)?.(message.values);
  });
  return async () => {
    last += 1;
    const id = last;
    const { promise, resolve } = Promise.withResolvers<readonly object[]>();
    wanted.set(id, resolve);
    try {
      send({ metrics: 'wanted', id });
      const values = await within(PATIENCE_MS, promise, () => watchError('metrics_unavailable'));
      return await textOf(AggregatorRegistry.aggregate([...values]));
    } finally {
      wanted.delete(id);
    }
  };
}

async function tell(registry: Registry, id: number): Promise<void> {
  send({ metrics: 'told', id, values: await registry.getMetricsAsJSON() });
}

/** The error is ignored: when the primary is gone, Node ends the worker. */
function send(message: MetricsMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
