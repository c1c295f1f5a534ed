import type { Caller } from '#lib/caller.ts';
import { commonError } from '#lib/errors.ts';
import { cleanText } from '#lib/text.ts';

/** A right beyond the operation that it is asked for in, by a field of its body that says why. */
type Right = { readonly asks: readonly string[]; readonly roles: readonly Caller['role'][] };

/**
 * What a person must answer for, with a reason, beside calling an operation: no API key has these rights. docs/access.md
 * shows them.
 */
export const RIGHTS = {
  /** To capture more than is held, or after the hold expired. */
  forceCapture: { asks: ['captureHold.forceReason'], roles: ['manager', 'operator'] },
  /** To take money back from an account that does not have it: it goes below its floor. */
  overdraw: {
    asks: ['reverseTransaction.overdrawReason', 'returnIncomingPayment.overdrawReason'],
    roles: ['manager', 'operator'],
  },
} as const satisfies Readonly<Record<string, Right>>;

/** Throws 403 `forbidden` for a caller without a right. */
export function assertRight({ role }: Caller, name: keyof typeof RIGHTS): void {
  const roles: readonly Caller['role'][] = RIGHTS[name].roles;
  if (roles.includes(role)) return;
  const may = roles.filter((one) => one !== 'operator').join(' or ');
  throw commonError('forbidden', { role: may, members: { role: may } });
}

/** Why money is taken from an account that does not have it. Throws 403 `forbidden`, 400 `validation_failed`. */
export function cleanOverdraw(caller: Caller, reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined;
  assertRight(caller, 'overdraw');
  return cleanText(reason, 'overdrawReason', 500);
}
