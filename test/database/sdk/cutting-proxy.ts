import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

/** What came by. */
export type Seen = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders };

/** Stands between a client and a server, and cuts connections once the server has answered. */
export type CuttingProxy = { readonly url: string; readonly seen: Seen[]; cutNext(count: number): void };

/** A proxy before a port of this machine. Closed when the file ends. */
export async function openCuttingProxy(port: number): Promise<CuttingProxy> {
  const seen: Seen[] = [];
  let cuts = 0;
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    seen.push({ method, path, headers });
    const isCut = cuts > 0;
    if (isCut) cuts -= 1;
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      if (isCut) {
        // The server has done it, and the client does not learn so.
        answer.resume().on('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    cutNext: (count) => {
      cuts = count;
    },
  };
}
