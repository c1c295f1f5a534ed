import type pg from 'pg';
import type { Tracer } from '#lib/observer.ts';
import { PreparingClient } from './client.ts';
import { FlightQuery } from './flight-query.ts';
import { errorKind } from './postgres-error.ts';

/** A longer part of a statement adds no information. */
const MAX_TEXT = 2_000;

/**
 * A client whose statements are spans of the traced work that sends them; other statements (sealing, polls) are not
 * traced. A span carries the statement and never its values: they are passed beside it.
 */
export function tracedClient(tracer: Tracer): typeof PreparingClient {
  return class TracedClient extends PreparingClient {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      this.query = traced(tracer, this.query);
    }
  };
}

function traced(tracer: Tracer, query: pg.Client['query']): pg.Client['query'] {
  const send = query as (...args: unknown[]) => unknown;
  return ((...args: unknown[]) => {
    const [query] = args;
    const isFlight = query instanceof FlightQuery;
    if (!(isFlight || typeof query === 'string') || tracer.current() === undefined) return send(...args);
    const statement = isFlight ? query.statements.map(({ text }) => text.trim()).join(';\n') : query.trim();
    const [operation = ''] = isFlight ? ['flight'] : statement.split(/\s/, 1);
    const span = tracer.start(operation, {
      kind: 'client',
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': statement.slice(0, MAX_TEXT) },
    });
    const end = (error?: unknown): void => {
      if (error !== undefined) span.fail(errorKind(error));
      span.end();
    };
    const result = send(...args);
    if (isFlight) void query.ending.then(({ error }) => end(error));
    else if (result instanceof Promise) result.then(() => end(), end);
    else end();
    return result;
  }) as pg.Client['query'];
}
