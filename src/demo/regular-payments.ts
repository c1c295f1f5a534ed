import { assert } from '#lib/assert.ts';
import { ACCOUNTS } from './accounts.ts';
import { type DemoDay, dueOn } from './calendar.ts';
import {
  type AccountFlow,
  type DemoPerson,
  type Flow,
  HOUSEHOLDS,
  MORE_FLOWS,
  MORTGAGE,
  ORGANISATIONS,
  PEOPLE,
  pensionPayers,
} from './data.ts';
import type { SeededRandom } from './random.ts';
import type { YearPlan } from './year-plan.ts';

/** All recurring payments of the year. */
export function regularPayments(random: SeededRandom): AccountFlow[] {
  return [
    ...PEOPLE.flatMap((person) => [pay(person), ...livingCosts(person, random)]),
    ...HOUSEHOLDS.flatMap(sharedCosts),
    ...ORGANISATIONS.flatMap(({ flows }) => flows),
    ...MORE_FLOWS,
  ];
}

/** Plans those payments that are booked on a day, in the round that has begun. */
export function planFlows(
  plan: YearPlan,
  random: SeededRandom,
  day: DemoDay,
  flows: readonly AccountFlow[],
): void {
  for (const { account, flow } of flows) {
    const due = dueOn(flow.when, day);
    if (due === undefined) continue;
    const amountMinor = random.amount(...flow.minor);
    const reference = flow.reference === undefined ? undefined : `${flow.reference}-${due.slice(0, 7)}`;
    const text = { description: flow.text, reference };
    if (flow.kind === 'to') plan.transfer(account, flow.to, amountMinor, text);
    else if (flow.kind === 'in') plan.deposit(account, amountMinor, flow.mode, text);
    else plan.withdraw(account, amountMinor, flow.mode, text);
  }
}

function pay({ key, payer, netMinor }: DemoPerson): AccountFlow {
  const minor = [netMinor, netMinor] as const;
  if (ORGANISATIONS.some((organisation) => organisation.key === payer)) {
    return {
      account: payer,
      flow: { kind: 'to', to: key, when: { day: 27 }, minor, text: 'Salary', reference: 'PAY' },
    };
  }
  const pension = pensionPayers.includes(payer);
  return incoming(
    key,
    { day: pension ? 1 : 26 },
    minor,
    `${pension ? 'Monthly payment' : 'Salary'}, ${payer}`,
    'PAY',
  );
}

function livingCosts(
  { key, rentMinor, landlord, savingMinor }: DemoPerson,
  random: SeededRandom,
): AccountFlow[] {
  const fixed = (low: bigint, high: bigint): readonly [bigint, bigint] => {
    const amountMinor = random.amount(low, high);
    return [amountMinor, amountMinor];
  };
  const flows: AccountFlow[] = [];
  const maybe = (permille: number, flow: AccountFlow): void => {
    if (random.chance(permille)) flows.push(flow);
  };
  maybe(800, outgoing(key, { day: random.between(5, 9) }, fixed(899n, 3_499n), 'Mobile phone, Funkwerk'));
  maybe(500, outgoing(key, { day: random.between(10, 14) }, fixed(1_200n, 6_900n), 'Insurance, Hansa'));
  maybe(600, outgoing(key, { day: 1 }, [6_300n, 6_300n], 'Transit pass, Nahverkehr Berlin'));
  maybe(450, outgoing(key, { day: random.between(15, 22) }, fixed(999n, 1_799n), 'Streaming'));
  if (savingMinor > 0n) flows.push(between(key, `${key}:savings`, { day: 2 }, savingMinor, 'Saving'));
  if (landlord === 'none') return flows;
  return [
    ...flows,
    housing(key, rentMinor, landlord),
    outgoing(key, { day: random.between(15, 20) }, fixed(4_200n, 9_800n), 'Electricity, Stadtwerke Panke'),
    outgoing(key, { day: random.between(8, 12) }, fixed(2_499n, 4_499n), 'Broadband, Funkwerk'),
  ];
}

/** Instalments of the mortgage of this bank are collected by the bank. */
function sharedCosts({ owner, partner, rentMinor, owns }: (typeof HOUSEHOLDS)[number]): AccountFlow[] {
  const account = `${owner}:household`;
  const share = (rentMinor * 95n) / 100n;
  return [
    between(owner, account, { day: 1 }, share, 'For the household'),
    between(partner, account, { day: 1 }, share, 'For the household'),
    ...(account === MORTGAGE.account ? [] : [housing(account, rentMinor, owns ? 'mortgage' : 'coop')]),
    outgoing(account, { day: 16 }, [9_200n, 9_200n], 'Electricity, Stadtwerke Panke'),
    outgoing(account, { day: 11 }, [3_999n, 3_999n], 'Broadband, Funkwerk'),
    outgoing(account, { day: 6 }, [21_400n, 21_400n], 'Day-care and school meals'),
    ...[[2], [5]].map((weekdays) =>
      outgoing(account, { weekdays }, [3_900n, 12_900n], 'Frischmarkt Prenzlauer Berg', 'card'),
    ),
  ];
}

function housing(account: string, rentMinor: bigint, landlord: DemoPerson['landlord']): AccountFlow {
  if (landlord === 'coop') return between(account, 'spreebogen', { day: 3 }, rentMinor, 'Rent', 'RENT');
  const text = landlord === 'mortgage' ? 'Mortgage, Bausparkasse Nord' : 'Rent, Hausverwaltung Kranich';
  return outgoing(account, { day: 3 }, [rentMinor, rentMinor], text);
}

function incoming(
  account: string,
  when: Flow['when'],
  minor: Flow['minor'],
  text: string,
  reference?: string,
): AccountFlow {
  return { account, flow: { kind: 'in', when, minor, text, mode: 'online', reference } };
}

function outgoing(
  account: string,
  when: Flow['when'],
  minor: Flow['minor'],
  text: string,
  mode: 'online' | 'card' = 'online',
): AccountFlow {
  return { account, flow: { kind: 'out', when, minor, text, mode } };
}

function between(
  account: string,
  to: string,
  when: Flow['when'],
  amountMinor: bigint,
  text: string,
  reference?: string,
): AccountFlow {
  assert(
    ACCOUNTS.some(({ key }) => key === to),
    `the demo has no account ${to}`,
  );
  const minor = [amountMinor, amountMinor] as const;
  return { account, flow: { kind: 'to', to, when, minor, text, reference } };
}
