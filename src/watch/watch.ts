import type { Observer, PostingObserver, Span, Tracer } from '#lib/observer.ts';
import { Metrics } from './metrics.ts';
import type { TracingOptions } from './tracing.ts';

/** The observers of a server. */
export type Watch = {
  readonly observer: Observer;
  readonly metrics: Metrics;
  /** Sends the remaining traces. */
  readonly close: () => Promise<void>;
};

/** Always metrics, and traces where configured: only then OpenTelemetry is loaded. */
export async function openWatch(version: string, tracing: TracingOptions | undefined): Promise<Watch> {
  const metrics = new Metrics(version);
  const { requests, postings, endOfDay } = metrics;
  if (tracing === undefined) {
    return {
      observer: { requests, postings, endOfDay, tracer: undefined },
      metrics,
      close: async () => undefined,
    };
  }
  const { OtelTracing } = await import('./tracing.ts');
  const tracer = new OtelTracing(tracing, version);
  const observer = { requests, postings: tracedPostings(postings, tracer), endOfDay, tracer };
  return { observer, metrics, close: () => tracer.close() };
}

/** A batch is a span of the first traced request that it serves, and refers to the others. */
function tracedPostings(observer: PostingObserver, tracer: Tracer): PostingObserver {
  return {
    batch: async (requests, work) => {
      const serves = requests.flatMap(({ span }): Span[] => (span === undefined ? [] : [span]));
      const attributes = { 'florin.batch.requests': requests.length };
      const span = tracer.start('posting batch', { kind: 'internal', attributes, serves });
      await tracer.within(span, () => observer.batch(requests, work));
      span.end();
    },
  };
}
