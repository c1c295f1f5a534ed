import { assert } from '#lib/assert.ts';
import { ACCOUNTS } from './accounts.ts';
import { type DemoDay, dueOn } from './calendar.ts';
import type { AccountFlow, Flow } from './flow.ts';
import { ORGANISATIONS } from './organisations.ts';
import { type DemoPerson, PEOPLE } from './people.ts';
import type { SeededRandom } from './random.ts';
import type { YearPlan } from './year-plan.ts';

const PENSION_PAYERS = ['Rentenkasse Bund', 'Studierendenwerk'];

/** What couples pay together, from the account that they share: rent to the cooperative, or a mortgage. */
const HOUSEHOLDS: Readonly<Record<string, { partner: string; rentMinor: bigint; owns: boolean }>> = {
  'anna.sommer': { partner: 'jonas.sommer', rentMinor: 129_000n, owns: false },
  'clara.weiss': { partner: 'daniel.okafor', rentMinor: 164_000n, owns: true },
  'henrik.bauer': { partner: 'katrin.bauer', rentMinor: 118_000n, owns: false },
  'hannah.fischer': { partner: 'david.fischer', rentMinor: 137_000n, owns: true },
};

/** What does not follow from the tables. */
const MORE: readonly AccountFlow[] = [
  incoming(
    'emily.carter:usd',
    { day: 14, months: [3, 6, 9, 12] },
    [41_000n, 63_000n],
    'Dividends, Lakeshore Fund',
  ),
  outgoing('emily.carter:usd', { day: 7 }, [1_599n, 1_599n], 'Newspaper subscription'),
  between(
    'emily.carter:usd',
    'emily.carter:usd-savings',
    { day: 16, months: [3, 6, 9, 12] },
    30_000n,
    'Saving',
  ),
  incoming('reto.zbinden:chf', { day: 5 }, [185_000n, 185_000n], 'Rent, flat in Zürich'),
  outgoing('reto.zbinden:chf', { day: 18 }, [41_500n, 46_000n], 'Flat in Zürich, charges'),
  outgoing('reto.zbinden:chf', { day: 20, months: [2, 8] }, [310_000n, 340_000n], 'Tax office, Zürich'),
  incoming('max.schreiber', { day: 4 }, [18_000n, 18_000n], 'From my parents'),
  incoming('zoe.klein', { day: 4 }, [15_000n, 15_000n], 'From my parents'),
  between('wolfgang.thiele', 'linden', { day: 9 }, 2_500n, 'Donation'),
];

/** Everything that is paid again and again, all year. */
export function regularPayments(random: SeededRandom): AccountFlow[] {
  return [
    ...PEOPLE.flatMap((person) => [pay(person), ...livingCosts(person, random)]),
    ...Object.entries(HOUSEHOLDS).flatMap(([owner, household]) => sharedCosts(owner, household)),
    ...ORGANISATIONS.flatMap(({ key, flows }) =>
      flows.map((flow) => ({ account: flow.at === undefined ? key : `${key}:${flow.at}`, flow })),
    ),
    ...MORE,
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
    else if (flow.kind === 'in') plan.deposit(account, amountMinor, flow.mode ?? 'online', text);
    else plan.withdraw(account, amountMinor, flow.mode ?? 'online', text);
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
  const pension = PENSION_PAYERS.includes(payer);
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

function sharedCosts(
  owner: string,
  { partner, rentMinor, owns }: { partner: string; rentMinor: bigint; owns: boolean },
): AccountFlow[] {
  const account = `${owner}:household`;
  const share = (rentMinor * 95n) / 100n;
  return [
    between(owner, account, { day: 1 }, share, 'For the household'),
    between(partner, account, { day: 1 }, share, 'For the household'),
    housing(account, rentMinor, owns ? 'mortgage' : 'coop'),
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
  return {
    account,
    flow: { kind: 'in', when, minor, text, ...(reference === undefined ? {} : { reference }) },
  };
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
  return {
    account,
    flow: { kind: 'to', to, when, minor, text, ...(reference === undefined ? {} : { reference }) },
  };
}
