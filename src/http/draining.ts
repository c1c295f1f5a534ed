import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServer } from './server.ts';

/**
 * From the moment `draining` is aborted, the answer to every request that comes is the last one on its connection:
 * when the server closes later, its clients are elsewhere, and no request of theirs is on its way on a connection
 * that is just being closed. Costs nothing until then.
 */
export function endConnectionsWhileDraining(server: HttpServer, draining: AbortSignal): void {
  const endConnection = (_: IncomingMessage, response: ServerResponse): void => {
    response.shouldKeepAlive = false;
  };
  const begin = (): void => void server.server.prependListener('request', endConnection);
  draining.addEventListener('abort', begin, { once: true });
}
