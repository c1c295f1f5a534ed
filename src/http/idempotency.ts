import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { validationFailed } from '#lib/errors.ts';
import { httpError } from './errors.ts';

/** For `schema.headers` of a route that moves money: documents the header, which requireIdempotencyKey reads. */
export const IdempotencyHeaders = Type.Object({
  'Idempotency-Key': Type.String({
    description: 'Makes the call safe to repeat: 1 to 255 visible ASCII characters, a UUID for one.',
    minLength: 1,
    maxLength: 255,
    pattern: '^[!-~]+$',
    examples: ['7c9e6679-7425-40de-944b-e07fc1f90ae7'],
  }),
});

/** The same for a route that may be called without a key, which optionalIdempotencyKey reads. */
export const OptionalIdempotencyHeaders = Type.Object({
  'Idempotency-Key': Type.Optional(IdempotencyHeaders.properties['Idempotency-Key']),
});

const KEY = /^[!-~]{1,255}$/;

/**
 * The caller's Idempotency-Key. Throws 400 `idempotency_key_required` where there is none and 400
 * `validation_failed` for a bad one, or two: Node joins them with a comma and a space, which no key has.
 */
export function requireIdempotencyKey(request: { readonly raw: IncomingMessage }): string {
  const key = request.raw.headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw httpError('idempotency_key_required');
  }
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw validationFailed({
      path: 'Idempotency-Key',
      message: 'must be 1 to 255 visible ASCII characters, once',
    });
  }
  return key;
}

/** The caller's Idempotency-Key, if there is one. Throws 400 `validation_failed` for a bad one. */
export function optionalIdempotencyKey(request: { readonly raw: IncomingMessage }): string | undefined {
  return request.raw.headers['idempotency-key'] === undefined ? undefined : requireIdempotencyKey(request);
}

/** Says in the answer that the key was used before, and that this is the first answer again. */
export function markReplay(reply: FastifyReply, replayed: boolean): void {
  if (replayed) reply.header('idempotent-replayed', 'true');
}
