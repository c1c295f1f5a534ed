import type { Services } from '#bank/services.ts';
import { parseIban } from '#lib/iban.ts';
import { BENEFICIARIES } from './data.ts';
import { type DemoIds, FIRST_ID_MS, namedUuid } from './demo-ids.ts';
import { type AccountIds, accountIdOf, customerIdOf, DEMO_CALLER } from './open-accounts.ts';

/** Adds the demo's beneficiaries, one after the other: at the beginning of the year, or those of its end. */
export async function addBeneficiaries(
  services: Services,
  ids: DemoIds,
  accountIds: AccountIds,
  ofItsEnd: boolean,
): Promise<void> {
  for (const [
    index,
    { customer, name, payee, nickname, limitPerDay, isNew = false },
  ] of BENEFICIARIES.entries()) {
    if (isNew !== ofItsEnd) continue;
    const id = namedUuid(`beneficiary ${customer} ${payee}`, FIRST_ID_MS + index, 0);
    const request = { name, payee: payeeOf(payee, accountIds), nickname, limitPerDay };
    await ids.giving(id, () => services.beneficiaries.add(DEMO_CALLER, customerIdOf(customer), request));
  }
}

function payeeOf(payee: string, accountIds: AccountIds) {
  const iban = parseIban(payee);
  return iban === undefined ? { accountId: accountIdOf(accountIds, payee) } : { iban };
}
