import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { etagged, OptionalIfMatchHeaders, optionalIfMatch } from '#http/etag.ts';
import {
  IdempotencyHeaders,
  markReplay,
  OptionalIdempotencyHeaders,
  optionalIdempotencyKey,
  requireIdempotencyKey,
} from '#http/idempotency.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { LoanAnswer, LoanRequest } from './commands.ts';
import { type LoanAnswerView, type LoanParams, loanAnswerView } from './schemas.ts';

/** What an act on a loan takes: a key, and the version that the caller read. */
export const ActHeaders = Type.Object({
  ...OptionalIdempotencyHeaders.properties,
  ...OptionalIfMatchHeaders.properties,
});
/** The same for what moves money, which takes no part without a key. */
export const PayingHeaders = Type.Object({
  ...IdempotencyHeaders.properties,
  ...OptionalIfMatchHeaders.properties,
});

type ActRequest = Pick<LoanRequest, 'caller'> & {
  readonly params: Static<typeof LoanParams>;
  readonly raw: IncomingMessage;
};

/** A request for an act. Throws 400 `validation_failed` for a bad key, 412 `version_conflict` for a text that is not a version. */
export function actOf(request: ActRequest): LoanRequest {
  return {
    caller: request.caller,
    id: fromTypeId('loan', request.params.id),
    idempotencyKey: optionalIdempotencyKey(request),
    ifMatch: optionalIfMatch(request),
  };
}

/** A request for what moves money. Throws 400 `idempotency_key_required` too. */
export function payingActOf(request: ActRequest): LoanRequest {
  requireIdempotencyKey(request);
  return actOf(request);
}

/** The loan after an act, with its version as the ETag. */
export function answerAct(reply: FastifyReply, made: LoanAnswer): LoanAnswerView {
  markReplay(reply, made.replayed);
  return etagged(reply, { ...made, version: made.loan.version }, loanAnswerView);
}
