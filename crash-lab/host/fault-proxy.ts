import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** What is lost on the way, from the side that connected: its requests, the answers, or both. */
export type Loss = 'requests' | 'answers' | 'both';

/**
 * So long the far side of a connection that was lost does not hear of it, as when a router forgets it: longer
 * than anything that the server does about the near side.
 */
const FORGOTTEN_MS = 20_000;

/** A TCP connection by way of the proxy. */
class Link {
  readonly #near: Socket;
  readonly #far: Socket;
  #loss: Loss | undefined;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(near: Socket, far: Socket, onGone: (link: Link) => void) {
    this.#near = near;
    this.#far = far;
    const ways = [
      { from: near, to: far, loss: 'requests' },
      { from: far, to: near, loss: 'answers' },
    ] as const;
    for (const { from, to, loss } of ways) {
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => {
        if (this.#loss === loss || this.#loss === 'both') return;
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => from.resume());
      // What is wrong with a connection shows in its closing.
      from.on('error', () => undefined);
      from.once('close', () => {
        if (this.#loss === undefined) to.destroy();
        if (!near.destroyed || !far.destroyed) return;
        clearTimeout(this.#forgetting);
        onGone(this);
      });
    }
  }

  /** From now on bytes vanish, and neither side hears of the other's end. */
  lose(loss: Loss): void {
    this.#loss = loss;
  }

  /** Ends the near side of a connection on which anything was lost; the far side hears of it much later. */
  forget(): void {
    if (this.#loss === undefined || this.#forgetting !== undefined) return;
    this.#forgetting = setTimeout(() => this.#far.destroy(), FORGOTTEN_MS);
    this.#near.destroy();
  }

  destroy(): void {
    this.#near.destroy();
    this.#far.destroy();
  }
}

/** Stands between two programs and, when told to, does to their connections what networks do. */
export class FaultProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #links: Set<Link>;
  #blocked = false;

  private constructor(server: Server, targetPort: number, port: number) {
    this.port = port;
    this.#server = server;
    this.#links = new Set();
    server.on('connection', (near) => {
      const far = connect({ host: LOOPBACK, port: targetPort });
      const link = new Link(near, far, (gone) => this.#links.delete(gone));
      if (this.#blocked) link.lose('both');
      this.#links.add(link);
    });
  }

  /** Listens on a free port of this machine for connections to another one. */
  static async open(targetPort: number): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, LOOPBACK, resolve);
    });
    return new FaultProxy(server, targetPort, portOf(server.address()));
  }

  /** Breaks every connection, for both sides to see. */
  cut(): void {
    for (const link of this.#links) link.destroy();
  }

  /** Lets the connections that there are lose what is sent on them; new ones are whole. */
  halfOpen(loss: Loss): void {
    for (const link of this.#links) link.lose(loss);
  }

  /** Loses everything, on new connections, too. */
  block(): void {
    this.#blocked = true;
    this.halfOpen('both');
  }

  /** Makes the way good again; on lost connections the near side finds out. */
  restore(): void {
    this.#blocked = false;
    for (const link of this.#links) link.forget();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port;
  throw new TypeError('a server that listens has a port');
}
