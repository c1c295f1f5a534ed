/**
 * Observers of the bank at work: metrics and traces. The bank reports events in these few terms and knows nothing about
 * its observers. They are called while requests are served: they neither throw nor wait.
 */
export type Observer = {
  readonly requests: RequestObserver;
  readonly postings: PostingObserver;
  readonly endOfDay: EndOfDayObserver;
  /** Follows a request through the bank; undefined while nothing is traced. */
  readonly tracer: Tracer | undefined;
};

/** How a request ended. */
export type Answer = {
  readonly status: number;
  readonly durationMs: number;
  /** The code of the refusal, if it was refused. */
  readonly code: string | undefined;
  /** Whether it was answered by what an earlier request with its key did. */
  readonly isReplay: boolean;
};

export type RequestObserver = {
  /** Called once for a route, with its pattern; the returned function gets each answer. */
  readonly route: (method: string, pattern: string) => (answer: Answer) => void;
};

/** A request that waits to be posted: since when (`monotonicMs` of the clock), and the span it belongs to. */
export type WaitingPosting = { readonly sinceMs: number; readonly span: Span | undefined };

export type PostingObserver = {
  /** Watches a batch until it is answered. `work` never rejects, and neither does this. */
  readonly batch: (requests: readonly WaitingPosting[], work: () => Promise<void>) => Promise<void>;
};

export type EndOfDayObserver = {
  /** A chunk of a step is done, with the number it processed. */
  readonly chunk: (step: string, processed: number, durationMs: number) => void;
  /** The end of a date has ended, for now. */
  readonly ended: (outcome: 'completed' | 'stopped' | 'failed') => void;
};

export type SpanKind = 'server' | 'internal' | 'client';
export type SpanValue = string | number | boolean;

/** A piece of work as a trace shows it. */
export type Span = {
  /** 32 hexadecimal digits, the same in all spans of a trace. */
  readonly traceId: string;
  readonly set: (name: string, value: SpanValue) => void;
  /** Records the failure and the kind of the error, never its message, which may hold somebody's data. */
  readonly fail: (kind: string) => void;
  readonly end: () => void;
};

export type SpanOptions = {
  readonly kind: SpanKind;
  readonly attributes?: Readonly<Record<string, SpanValue>>;
  /** A traceparent header (W3C Trace Context) that names the parent; else the current span. */
  readonly traceparent?: string | undefined;
  /** Spans that it serves together: it is a part of the first that is recorded, and refers to the others. */
  readonly serves?: readonly Span[];
};

export type Tracer = {
  readonly start: (name: string, options: SpanOptions) => Span;
  /** Runs work within a span: spans started by the work are children of it. */
  readonly within: <Result>(span: Span, work: () => Result) => Result;
  /** The current span. */
  readonly current: () => Span | undefined;
};

/** No observer. */
export const NO_OBSERVER: Observer = {
  requests: { route: () => () => undefined },
  postings: { batch: (_requests, work) => work() },
  endOfDay: { chunk: () => undefined, ended: () => undefined },
  tracer: undefined,
};
