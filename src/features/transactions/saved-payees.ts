import type { Context } from '#db/context.ts';
import { findSavedPayees, type PayeeByNumber } from '#features/beneficiaries/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { payeeKey } from '#lib/payee-account.ts';
import type { Movement, Payee, Route } from './movement.ts';

/**
 * The routes with the beneficiary that is paid where the payer has saved the payee but names it by its number or account:
 * a new payee is paid with care whatever it is called, and whoever asks. It has the name under which it was saved, unless
 * it is given one. One query, and none without such a payee.
 *
 * An account that a program or the bank itself names is only marked: each query before the posting would cost that path
 * a round trip. The guard of payments looks it up, in the statement that locks beneficiaries.
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
    if (typeof route === 'string') return route;
    if (found === undefined) return { ...route, ...payeeToFind(movements[index], caller) };
    const { beneficiaryId: id, customerId, account } = found;
    const { name = found.name, ...counterparty } = route.counterparty ?? {};
    return {
      ...route,
      counterparty: { ...counterparty, name },
      beneficiary: { id, customerId, payee: payeeKey(account) },
    };
  });
}

/** A payee that is not named as a beneficiary, and is looked up now. */
function payeeOf(movement: Movement, caller: Caller): PayeeByNumber | undefined {
  if (movement.kind !== 'transfer') return undefined;
  const { fromAccountId: accountId, to, currency } = movement;
  if ('beneficiaryId' in to || isFoundLater(caller, to)) return undefined;
  if ('accountId' in to) return { accountId, toAccountId: to.accountId, currency };
  return { accountId, key: payeeKey(to), currency };
}

function payeeToFind(movement: Movement | undefined, caller: Caller): Pick<Route, 'payeeToFind'> {
  if (movement?.kind !== 'transfer') return {};
  const { to, currency } = movement;
  if (!('accountId' in to) || !isFoundLater(caller, to)) return {};
  return { payeeToFind: { toAccountId: to.accountId, currency } };
}

function isFoundLater({ role }: Caller, to: Payee): boolean {
  return 'accountId' in to && (role === 'service' || role === 'operator');
}
