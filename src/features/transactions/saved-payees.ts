import type { Context } from '#db/context.ts';
import { findSavedPayees, type PayeeByNumber } from '#features/beneficiaries/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { payeeKey } from '#lib/payee-account.ts';
import type { Movement, Route } from './movement.ts';

/**
 * The routes with the beneficiary that is paid where the payer has saved the payee but names it by its number or account:
 * a new payee is paid with care whatever it is called. It has the name under which it was saved, unless it is given one. One query, and none without such a payee.
 */
export async function withSavedPayees<Unresolved extends string>(
  context: Context,
  caller: Caller,
  movements: readonly Movement[],
  routes: readonly (Route | Unresolved)[],
): Promise<(Route | Unresolved)[]> {
  const payees = movements.map((movement) => payeeOf(movement, caller));
  const asked = payees.filter((payee) => payee !== undefined);
  const saved = await findSavedPayees(context, caller, asked);
  const savedOf = new Map(asked.map((payee, index) => [payee, saved[index]]));
  return routes.map((route, index) => {
    const payee = payees[index];
    const found = payee && savedOf.get(payee);
    if (typeof route === 'string' || found === undefined) return route;
    const { beneficiaryId: id, customerId, account } = found;
    const { name = found.name, ...counterparty } = route.counterparty ?? {};
    return {
      ...route,
      counterparty: { ...counterparty, name },
      beneficiary: { id, customerId, payee: payeeKey(account) },
    };
  });
}

/**
 * A payee that is not named as a beneficiary. An account named by a service or by the bank itself is not looked up: each
 * query counts on that path, and a program that acts for customers already knows their payees.
 */
function payeeOf(movement: Movement, { role }: Caller): PayeeByNumber | undefined {
  if (movement.kind !== 'transfer') return undefined;
  const { fromAccountId: accountId, to, currency } = movement;
  if ('beneficiaryId' in to) return undefined;
  if (!('accountId' in to)) return { accountId, key: payeeKey(to), currency };
  if (role === 'service' || role === 'operator') return undefined;
  return { accountId, toAccountId: to.accountId, currency };
}
