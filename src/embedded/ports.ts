import { connect, createServer } from 'node:net';
import { EmbeddedPostgresError, errorCodeOf, toEmbeddedError } from './embedded-error.ts';

/** The one address the embedded server listens on. */
export const LOOPBACK = '127.0.0.1';

/** A connection on this machine is accepted or refused at once; this bounds the case that neither happens. */
const CONNECT_TIMEOUT_MS = 2_000;

/** Checks that a port is free now, and chooses one for 0. Throws when it is in use. */
export async function claimPort(requestedPort: number): Promise<number> {
  try {
    return await listenOnce(requestedPort);
  } catch (error) {
    if (errorCodeOf(error) === 'EADDRINUSE') throw portInUse(requestedPort, error);
    throw toEmbeddedError(error, `Cannot listen on port ${requestedPort} of ${LOOPBACK}`);
  }
}

/** The error for a port that another program uses. */
export function portInUse(port: number, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Port ${port} on ${LOOPBACK} is in use by another program: choose another port for PostgreSQL, or 0 for a free one`,
    { cause },
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      const chosenPort = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(chosenPort));
    });
  });
}

/** Whether something answers on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: CONNECT_TIMEOUT_MS });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}
