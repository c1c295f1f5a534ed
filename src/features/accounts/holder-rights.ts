import { commonError, type FlorinError, notFound } from '#lib/errors.ts';
import type { HolderRole } from './account.ts';

/**
 * What a customer may do on an account, by the role as its holder. Owner and joint holder are each as good as the
 * other about the money, as on an account "either to sign". The owner decides who else is on the account.
 * An authorised holder acts for them, and does not decide about the account: not for the months to come (a standing
 * order), nor about debts.
 *
 * |                                    | owner | joint | authorised | no holder |
 * | ---------------------------------- | ----- | ----- | ---------- | --------- |
 * | see: account, balances, statements | yes   | yes   | yes        | 404       |
 * | pay: transfer from it, set aside   | yes   | yes   | yes        | 404       |
 * | order: standing orders             | yes   | yes   | 403        | 404       |
 * | borrow: loans paid out to it       | yes   | yes   | 403        | 404       |
 * | close it, once it is empty         | yes   | yes   | 403        | 404       |
 * | appoint: invite and remove holders | yes   | 403   | 403        | 404       |
 * | manage: terms, freeze, unfreeze    | 403   | 403   | 403        | 404       |
 *
 * A holder may leave. Everybody else (staff, API keys, the operator) is held by the table of access and not by this.
 */
export type HolderRight = 'see' | 'pay' | 'order' | 'borrow' | 'close' | 'appoint' | 'manage';

const RIGHTS: Readonly<Record<HolderRole, ReadonlySet<HolderRight>>> = {
  owner: new Set(['see', 'pay', 'order', 'borrow', 'close', 'appoint']),
  joint: new Set(['see', 'pay', 'order', 'borrow', 'close']),
  authorised: new Set(['see', 'pay']),
};

/** Why a holder with this role, or a customer without one, may not do this; undefined if allowed. */
export function refusalOf(role: HolderRole | undefined, right: HolderRight): FlorinError | undefined {
  if (role === undefined) return notFound();
  if (RIGHTS[role].has(right)) return undefined;
  const may = HOLDER_ROLES.filter((one) => RIGHTS[one].has(right)).join(' or ');
  return commonError('forbidden', may === '' ? {} : { role: may, members: { role: may } });
}

/** The roles that may pay from an account. */
export function rolesThatPay(): HolderRole[] {
  return HOLDER_ROLES.filter((role) => RIGHTS[role].has('pay'));
}

/** The roles whose account it is: an authorised holder acts for them. */
export function rolesThatOwn(): HolderRole[] {
  return HOLDER_ROLES.filter((role) => RIGHTS[role].has('order'));
}

const HOLDER_ROLES: readonly HolderRole[] = ['owner', 'joint', 'authorised'];
