import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A value of an attribute, as OTLP's JSON has it. */
type Value = { readonly stringValue?: string; readonly intValue?: number; readonly doubleValue?: number };
type Attributes = readonly { readonly key: string; readonly value: Value }[];

/** A span as it was exported, its attributes by name. */
export type ExportedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
};

type ExportRequest = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ExportedSpan, 'attributes'> & { readonly attributes: Attributes })[];
    }[];
  }[];
};

/** A collector of OpenTelemetry's: takes OTLP over HTTP in JSON, and keeps what it was sent. */
export class Collector {
  readonly spans: ExportedSpan[] = [];
  readonly services = new Set<string>();
  readonly requests: { readonly path: string; readonly headers: NodeJS.Dict<string | string[]> }[] = [];
  /** All bodies, as they came. */
  text = '';
  readonly #server = createServer((request, response) => void this.#receive(request, response));

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    this.requests.push({ path: request.url ?? '', headers: request.headers });
    this.text += body;
    this.#keep(JSON.parse(body) as ExportRequest);
    response.setHeader('content-type', 'application/json').end('{}');
  }

  #keep({ resourceSpans }: ExportRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      this.services.add(String(byName(resource.attributes)['service.name']));
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({ ...span, attributes: byName(span.attributes) });
      }
    }
  }
}

function byName(attributes: Attributes): Record<string, string | number | undefined> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue]),
  );
}
