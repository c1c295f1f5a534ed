import { assert } from '#lib/assert.ts';
import { parseIban } from '#lib/iban.ts';
import { demoAccount } from './accounts.ts';
import { type DemoIds, FIRST_ID_MS, namedUuid } from './demo-ids.ts';
import type { DemoServices } from './demo-services.ts';
import { type AccountIds, customerIdOf } from './open-accounts.ts';

const DEMO_CALLER = { actor: 'demo', role: 'operator' } as const;

type DemoBeneficiary = {
  readonly customer: string;
  readonly name: string;
  /** The key of an account here, or an IBAN of another bank: the examples of the IBAN registry. */
  readonly payee: string;
  readonly nickname?: string;
  /** In euros, as the API takes it. */
  readonly limitPerDay?: string;
  /** Added as the year ends, and still cooling off on the first day. */
  readonly isNew?: boolean;
};

const BENEFICIARIES: readonly DemoBeneficiary[] = [
  { customer: 'anna.sommer', name: 'Backhaus Sommer GmbH', payee: 'backhaus', nickname: 'The bakery' },
  { customer: 'anna.sommer', name: 'Jonas Sommer', payee: 'jonas.sommer', limitPerDay: '500.00' },
  {
    customer: 'mehmet.yilmaz',
    name: 'Wohnungsgenossenschaft Spreebogen eG',
    payee: 'spreebogen',
    nickname: 'Rent',
  },
  { customer: 'mehmet.yilmaz', name: 'Lea Hoffmann', payee: 'lea.hoffmann', limitPerDay: '200.00' },
  { customer: 'clara.weiss', name: 'Daniel Okafor', payee: 'daniel.okafor', nickname: 'Dan' },
  { customer: 'sofia.rossi', name: 'Chiara Rossi', payee: 'IT60X0542811101000000123456', nickname: 'Mamma' },
  { customer: 'marie.dubois', name: 'Luc Dubois', payee: 'FR1420041010050500013M02606' },
  { customer: 'ingrid.larsen', name: 'Nils Larsen', payee: 'NO9386011117947', limitPerDay: '300.00' },
  { customer: 'emily.carter', name: 'Grace Carter', payee: 'GB29NWBK60161331926819', isNew: true },
];

/** Adds the demo's beneficiaries, one after the other: at the beginning of the year, or those of its end. */
export async function addBeneficiaries(
  services: DemoServices,
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
  if (iban !== undefined) return { iban };
  const accountId = accountIds.get(demoAccount(payee).key);
  assert(accountId !== undefined, `the demo has opened the account ${payee}`);
  return { accountId };
}
