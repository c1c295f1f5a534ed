import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { type AuditedCaller, type AuditRecord, recordAudit } from '#features/audit/contract.ts';
import type { Role } from '#lib/caller.ts';
import { type SessionId, toTypeId, type UserId } from '#lib/ids.ts';

/** Where a request that proves who somebody is came from. */
export type Origin = { readonly address?: string | undefined; readonly requestId?: string | undefined };

/** Why somebody was not let in, as the trail has it. The answer says the same of the first four. */
export type Refusal =
  | 'unknown_user'
  | 'wrong_password'
  | 'wrong_code'
  | 'user_disabled'
  | 'otp_required'
  | 'too_many_requests';

/** 128 bits: two addresses are not taken for one. */
const EMAIL_HASH_DIGITS = 32;

/** The caller of a user who is known by now. */
export function callerOfUser(
  { id, role }: { readonly id: UserId; readonly role: Role },
  sessionId: SessionId,
  { address, requestId }: Origin,
): AuditedCaller {
  return { actor: toTypeId('user', id), role, sessionId, address, requestId };
}

export function anonymous({ address, requestId }: Origin): AuditedCaller {
  return { actor: 'anonymous', role: 'anonymous', address, requestId };
}

/** What a user did about their own access, in its transaction. */
export function recordUserAct(
  tx: Tx,
  context: Context,
  {
    userId,
    ...act
  }: Pick<AuditRecord, 'caller' | 'operation' | 'before' | 'after'> & { readonly userId: UserId },
): Promise<void> {
  const resource = { resourceType: 'user', resourceId: toTypeId('user', userId) } as const;
  return recordAudit(tx, context, { ...act, ...resource });
}

/** What became of a session, in its transaction. */
export function recordSessionAct(
  tx: Tx,
  context: Context,
  {
    id,
    userId,
    ...act
  }: Pick<AuditRecord, 'caller' | 'operation' | 'refusedWith'> & {
    readonly id: SessionId;
    readonly userId: UserId;
  },
): Promise<void> {
  const resource = { resourceType: 'session', resourceId: toTypeId('session', id) } as const;
  const after = { userId: toTypeId('user', userId) };
  return recordAudit(tx, context, { ...act, ...resource, after });
}

/**
 * A login, or another proof of who somebody is, that was refused. Of an e-mail address that is nobody's the trail has
 * a keyed hash: whether many attempts were for one address can be told, and what was typed by mistake (a password,
 * for one) cannot. The hash is made in either case, so that both take as long.
 */
export function recordRefusal(
  tx: Tx,
  context: Context,
  refused: {
    readonly caller: AuditedCaller;
    readonly operation: string;
    readonly email: string;
    readonly userId: UserId | undefined;
    readonly refusal: Refusal;
  },
): Promise<void> {
  const { caller, operation, email, userId, refusal: refusedWith } = refused;
  const hash = context.dataKey.blindIndex(email, `audit_log.email/${context.bookId}`).toString('hex');
  const who =
    userId === undefined
      ? { after: { emailHash: hash.slice(0, EMAIL_HASH_DIGITS) } }
      : { resourceId: toTypeId('user', userId) };
  return recordAudit(tx, context, {
    caller,
    operation,
    resourceType: 'user',
    ...who,
    refusedWith,
  });
}
