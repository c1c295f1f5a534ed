import { betweenFriends, cheques, type DemoPerson, ORGANISATIONS, PEOPLE } from './data.ts';
import type { SeededRandom } from './random.ts';
import { pickLargePurchase, pickPurchase } from './shops.ts';
import type { Movement, YearPlan } from './year-plan.ts';

/** On how many of a thousand days. In total some 8,500 movements a year. */
const PURCHASE = 150;
const WITHDRAWAL = 38;
const REFUND = 4;
const FRIENDS_SETTLE = 500;
const COUNTER_DEPOSIT = 80;
const CHEQUE = 35;

/** The share of a month's pay that people like to keep on their account. */
const COMFORT_PERCENT = [25n, 60n, 190n, 10n, 130n, 40n, 90n];

/** Irregular payments of people: they shop, draw cash, pay each other back. */
export class DailyLife {
  readonly #plan: YearPlan;
  readonly #random: SeededRandom;

  constructor(plan: YearPlan, random: SeededRandom) {
    this.#plan = plan;
    this.#random = random;
  }

  /** Everybody's day, in the round that has begun. Returns what was bought. */
  spend(isSunday: boolean): Movement[] {
    const bought = PEOPLE.map((person) => this.#shop(person, isSunday));
    for (const { key } of PEOPLE) this.#useCash(key);
    return bought.filter((movement) => movement !== undefined);
  }

  /** Irregular income, on a bank day. Returns a cheque if one was paid in. */
  receive(): Movement | undefined {
    const random = this.#random;
    if (random.chance(FRIENDS_SETTLE)) {
      const [from, to] = [random.pick(PEOPLE).key, random.pick(PEOPLE).key];
      const description = random.pick(betweenFriends);
      if (from !== to) this.#plan.transfer(from, to, random.amount(9n, 120n) * 100n, { description });
    }
    if (random.chance(COUNTER_DEPOSIT)) {
      const amountMinor = random.amount(4n, 80n) * 1_000n;
      this.#plan.deposit(random.pick(PEOPLE).key, amountMinor, 'cash', { description: 'Cash paid in' });
    }
    if (!random.chance(CHEQUE)) return undefined;
    const reference = `CHQ-${random.between(100_000, 999_999)}`;
    const description = random.pick(cheques);
    const amountMinor = random.amount(4_000n, 61_000n);
    return this.#plan.deposit(random.pick(PEOPLE).key, amountMinor, 'cheque', { description, reference });
  }

  /** Once a week: people with more than they like to keep buy something large, some on credit. */
  indulge(): void {
    for (const [index, { key, netMinor, rentMinor, overdraftMinor }] of PEOPLE.entries()) {
      const comfortPercent = COMFORT_PERCENT[index % COMFORT_PERCENT.length] ?? 100n;
      const excessMinor = this.#plan.balanceOf(key) - rentMinor - (netMinor * comfortPercent) / 100n;
      if (excessMinor < 10_000n || !this.#random.chance(300)) continue;
      const onCreditMinor = (overdraftMinor * this.#random.amount(20n, 70n)) / 100n;
      const amountMinor = (excessMinor * this.#random.amount(35n, 95n)) / 100n + onCreditMinor;
      this.#plan.withdraw(key, amountMinor, 'card', { description: pickLargePurchase(this.#random) });
    }
  }

  /** Once a month: taxes and owners take most of what an organisation has beyond its reserve. */
  payTaxes(): void {
    for (const { key, reserveMinor } of ORGANISATIONS) {
      const excessMinor = this.#plan.balanceOf(key) - (reserveMinor * 11n) / 10n;
      if (excessMinor < 100_000n) continue;
      const amountMinor = (excessMinor * this.#random.amount(45n, 75n)) / 100n;
      this.#plan.withdraw(key, amountMinor, 'online', { description: 'Tax office, prepayment' });
    }
  }

  #shop({ key, netMinor }: DemoPerson, isSunday: boolean): Movement | undefined {
    const random = this.#random;
    if (!random.chance(PURCHASE)) return undefined;
    const purchase = pickPurchase(random, isSunday);
    if (purchase === undefined) return undefined;
    // People who are short of money buy less often.
    if (this.#plan.availableOf(key) < netMinor / 5n && random.chance(600)) return undefined;
    const amountMinor = (purchase.amountMinor * spendingPercent(netMinor)) / 100n;
    return this.#plan.withdraw(key, amountMinor, 'card', { description: purchase.shop });
  }

  #useCash(key: string): void {
    const random = this.#random;
    if (random.chance(WITHDRAWAL)) {
      const amountMinor = random.amount(2n, 15n) * 2_000n;
      this.#plan.withdraw(key, amountMinor, 'atm', { description: 'Cash withdrawal' });
    }
    if (random.chance(REFUND)) {
      const description = 'Refund, Onlinehandel Paketfuchs';
      this.#plan.deposit(key, random.amount(1_490n, 8_900n), 'card', { description });
    }
  }
}

/** The prices people choose, relative to those of somebody with 2,300 a month: from 60 to 170 percent. */
function spendingPercent(netMinor: bigint): bigint {
  const percent = (netMinor * 100n) / 230_000n;
  return percent < 60n ? 60n : percent > 170n ? 170n : percent;
}
