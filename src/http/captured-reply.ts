import type { FastifyReply } from 'fastify';

/** Takes what a handler says of its answer, and sends nothing. */
export class CapturedReply {
  #payload: unknown;
  readonly #reply: FastifyReply;

  constructor() {
    const send = (payload: unknown): FastifyReply => {
      this.#payload = payload;
      return this.#reply;
    };
    // A reply is awaited where a handler returns it: it must not look like a promise.
    const target = (): undefined => undefined;
    this.#reply = new Proxy(target, {
      get: (_, name) => {
        if (name === 'then') return undefined;
        return name === 'send' ? send : () => this.#reply;
      },
    }) as unknown as FastifyReply;
  }

  asReply(): FastifyReply {
    return this.#reply;
  }

  /** What the handler answers, by what it returned: the reply itself, or the payload. */
  resultOf(returned: unknown): unknown {
    return returned === this.#reply ? this.#payload : returned;
  }
}
