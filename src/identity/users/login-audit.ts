import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { type AuditedCaller, type AuditRecord, recordAudit } from '#features/audit/contract.ts';
import { addressSeal } from '#features/customers/contract.ts';
import { type CustomerId, type SessionId, toTypeId, type UserId } from '#lib/ids.ts';
import type { UserState } from './user.ts';

/** The origin of a request that proves an identity. */
export type Origin = { readonly address?: string | undefined; readonly requestId?: string | undefined };

/** The reason for a refusal in the audit trail. The response does not distinguish the first five. */
export type Refusal =
  | 'unknown_user'
  | 'wrong_password'
  | 'wrong_code'
  | 'too_many_codes'
  | 'user_disabled'
  | 'otp_required'
  | 'too_many_requests';

/** 128 bits: two addresses do not collide. */
const EMAIL_HASH_DIGITS = 32;

/** A user as far as the trail of a login is concerned. */
type Known = Pick<UserState, 'id' | 'role' | 'customerId'>;

/** The caller for a user who is known by then. */
export async function callerOfUser(
  tx: Tx,
  context: Context,
  { id, role, customerId }: Known,
  { sessionId, address, requestId }: Origin & { readonly sessionId: SessionId },
): Promise<AuditedCaller> {
  const sealAddress = customerId === undefined ? undefined : await addressSeal(tx, context, customerId);
  return { actor: toTypeId('user', id), role, sessionId, address, sealAddress, requestId };
}

export function anonymous({ address, requestId }: Origin): AuditedCaller {
  return { actor: 'anonymous', role: 'anonymous', address, requestId };
}

/** Records a user's change to their own access, in its transaction. */
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

/** Records a change of a session, in its transaction. */
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
 * Records a refused login or other proof of identity. Where a customer's user was tried, the address goes with the
 * customer. For an unknown e-mail address the trail has a keyed hash. It
 * shows that many attempts were for one address, but not text typed by mistake, such as a password. The hash is
 * computed in either case, so that both take the same time.
 */
export async function recordRefusal(
  tx: Tx,
  context: Context,
  refused: {
    readonly caller: AuditedCaller;
    readonly operation: string;
    readonly email: string;
    readonly user: Pick<UserState, 'id' | 'customerId'> | undefined;
    readonly refusal: Refusal;
  },
): Promise<void> {
  const { operation, email, user, refusal: refusedWith } = refused;
  const caller = await triedFor(tx, context, refused.caller, user?.customerId);
  const hash = context.dataKey.blindIndex(email, `audit_log.email/${context.bookId}`).toString('hex');
  const who =
    user === undefined
      ? { after: { emailHash: hash.slice(0, EMAIL_HASH_DIGITS) } }
      : { resourceId: toTypeId('user', user.id) };
  return recordAudit(tx, context, {
    caller,
    operation,
    resourceType: 'user',
    ...who,
    refusedWith,
  });
}

/** Names no customer. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as CustomerId;

/** The caller who tried to be a user of a customer. The key is read in any case, so that all refusals take the same time. */
export async function triedFor(
  tx: Tx,
  context: Context,
  caller: AuditedCaller,
  customerId: CustomerId | undefined,
): Promise<AuditedCaller> {
  const sealAddress = await addressSeal(tx, context, customerId ?? NOBODY);
  return customerId === undefined ? caller : { ...caller, sealAddress };
}

/**
 * Tells the owner of an account in the audit trail that somebody guesses the password, from wherever: at 10 failures, 20,
 * 40 …
 */
export function recordAlarm(
  tx: Tx,
  context: Context,
  { userId, failedAttempts }: { readonly userId: UserId; readonly failedAttempts: number },
): Promise<void> {
  const after = { failedAttempts };
  return recordUserAct(tx, context, { caller: anonymous({}), operation: 'loginAlarm', userId, after });
}
