import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapGetter,
  INVALID_SPAN_CONTEXT,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Span, SpanOptions, SpanValue, Tracer } from '#lib/observer.ts';

export type TracingOptions = {
  /** Without the path of a signal, as OpenTelemetry defines it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** The share of requests whose caller has not decided, 0 to 1. */
  readonly sampledShare: number;
};

/** A collector that does not answer delays only a stop, and for no longer than this. */
const EXPORT_TIMEOUT_MS = 3_000;
/** Some ten megabytes of spans that wait for the collector; further ones are dropped. */
const MAX_WAITING_SPANS = 8_192;
const EXPORTED_AT_ONCE = 1_024;
const EXPORT_INTERVAL_MS = 1_000;

const KINDS = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

/** Traces by OpenTelemetry, sent to a collector as OTLP over HTTP. */
export class OtelTracing implements Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: OtelTracer;
  readonly #running = new AsyncLocalStorage<RecordedSpan>();
  readonly #propagator = new W3CTraceContextPropagator();

  constructor({ endpoint, headers, serviceName, sampledShare }: TracingOptions, version: string) {
    const exporter = new OTLPTraceExporter({
      url: `${endpoint}/v1/traces`,
      headers: { ...headers },
      timeoutMillis: EXPORT_TIMEOUT_MS,
    });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampledShare) }),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          maxQueueSize: MAX_WAITING_SPANS,
          maxExportBatchSize: EXPORTED_AT_ONCE,
          scheduledDelayMillis: EXPORT_INTERVAL_MS,
          exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer('florin', version);
  }

  start(name: string, { kind, attributes = {}, traceparent, serves }: SpanOptions): Span {
    const served = (serves ?? []).filter((span) => span instanceof RecordedSpan && span.isRecording);
    if (serves !== undefined && served.length === 0) return NOTHING;
    const [first, ...others] = served;
    const parent = first ?? this.#running.getStore();
    const span = this.#tracer.startSpan(
      name,
      {
        kind: KINDS[kind],
        attributes,
        links: others.flatMap((one) => (one instanceof RecordedSpan ? [{ context: one.spanContext }] : [])),
      },
      parent instanceof RecordedSpan ? parent.context : this.#contextOf(traceparent),
    );
    return new RecordedSpan(span);
  }

  within<Result>(span: Span, work: () => Result): Result {
    return span instanceof RecordedSpan ? this.#running.run(span, work) : work();
  }

  current(): Span | undefined {
    return this.#running.getStore();
  }

  /** Sends waiting spans, and ends. Spans that a collector does not take in time are lost. */
  async close(): Promise<void> {
    await this.#provider.shutdown().catch(() => undefined);
  }

  #contextOf(traceparent: string | undefined): Context {
    if (traceparent === undefined) return ROOT_CONTEXT;
    return this.#propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
  }
}

class RecordedSpan implements Span {
  readonly context: Context;
  readonly #span: OtelSpan;

  constructor(span: OtelSpan) {
    this.#span = span;
    this.context = trace.setSpan(ROOT_CONTEXT, span);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanContext() {
    return this.#span.spanContext();
  }

  get isRecording(): boolean {
    return this.#span.isRecording();
  }

  set(name: string, value: SpanValue): void {
    this.#span.setAttribute(name, value);
  }

  fail(kind: string): void {
    this.#span.setAttribute('error.type', kind);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end();
  }
}

/** The span of work for requests that nobody traces. */
const NOTHING: Span = {
  traceId: INVALID_SPAN_CONTEXT.traceId,
  set: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};
