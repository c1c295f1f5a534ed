import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServer } from './server.ts';

/**
 * Once `draining` is aborted, the answer to every new request is the last one on its connection. When the server closes
 * later, its clients are elsewhere, and no request is on its way on a connection that is being closed. Costs nothing
 * until then.
 */
export function endConnectionsWhileDraining(server: HttpServer, draining: AbortSignal): void {
  const endConnection = (_: IncomingMessage, response: ServerResponse): void => {
    response.shouldKeepAlive = false;
  };
  const begin = (): void => void server.server.prependListener('request', endConnection);
  draining.addEventListener('abort', begin, { once: true });
}
