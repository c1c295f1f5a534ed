import { Type } from 'typebox';
import { httpError } from './errors.ts';
import type { HttpServer } from './server.ts';

/** Below the one second that probes commonly wait, so that they read our answer and not their own time-out. */
const READY_TIMEOUT_MS = 800;

export type HealthOptions = {
  readonly isReadOnly?: boolean;
  /** Aborted when the server should stop, while it goes on answering. */
  readonly draining?: AbortSignal | undefined;
};

/**
 * `/health/live`: the process answers. `/health/ready`: it can work, by the `ready` given; 503 `not_ready` when that
 * returns false, throws or takes too long, and once the server should stop. A read-only server says so.
 */
export function registerHealth(
  server: HttpServer,
  ready: () => Promise<boolean>,
  { isReadOnly = false, draining }: HealthOptions = {},
): void {
  let isClosing = false;
  server.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  const options = {
    config: { answersWhileClosing: true, isPublic: true },
    schema: { hide: true, response: { 200: Type.Object({ status: Type.Enum(['ok', 'read_only']) }) } },
  };
  server.get('/health/live', options, async () => ({ status: 'ok' as const }));
  server.get('/health/ready', options, async () => {
    if (isClosing || draining?.aborted === true || !(await isReadyInTime(ready))) {
      throw httpError('not_ready');
    }
    return { status: isReadOnly ? ('read_only' as const) : ('ok' as const) };
  });
}

async function isReadyInTime(ready: () => Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, READY_TIMEOUT_MS, false);
  try {
    return await Promise.race([ready(), late]);
  } catch (cause) {
    throw httpError('not_ready', { cause });
  } finally {
    clearTimeout(timer);
  }
}
