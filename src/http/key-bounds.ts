import type { FastifyRequest } from 'fastify';
import { httpError } from './errors.ts';
import type { HttpServer } from './http-server.ts';

/**
 * Judges a request of an API key that is bound to accounts or customers. Throws 403 `api_key_bound`, 404 `not_found`.
 */
export type JudgeBounds = (request: FastifyRequest) => Promise<void>;

/**
 * From here on a key that is bound to accounts or customers reaches nothing else, whatever it calls. Once the request
 * has been checked against its schema, and before it does anything. Call after addAuthorisation.
 */
export function addKeyBounds(server: HttpServer, judge: JudgeBounds): void {
  server.addHook('preHandler', (request, _reply, done) => {
    const judging = judgeBoundsOf(request, judge);
    if (judging === undefined) done();
    else judging.then(() => done(), done);
  });
}

/** Judges a request, if its caller is bound. */
export function judgeBoundsOf(request: FastifyRequest, judge: JudgeBounds): Promise<void> | undefined {
  const caller: FastifyRequest['caller'] | undefined = request.caller;
  const { accounts, customers } = caller?.bounds ?? {};
  return accounts === undefined && customers === undefined ? undefined : judge(request);
}

export function outOfBounds() {
  return httpError('api_key_bound');
}
