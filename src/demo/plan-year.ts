import { dateParts, firstOfMonth, monthsAfter } from '#lib/time/calendar.ts';
import { type IsoDate, laterOf } from '#lib/time/dates.ts';
import { ACCOUNTS } from './accounts.ts';
import { type DemoDay, demoDay, dueOn, instantAt } from './calendar.ts';
import { DailyLife } from './daily-life.ts';
import { type AccountFlow, MORTGAGE, SAVING_PLANS, TERM_DEPOSITS } from './data.ts';
import { Desk } from './desk.ts';
import { SeededRandom } from './random.ts';
import { planFlows, regularPayments } from './regular-payments.ts';
import { type Movement, YearPlan } from './year-plan.ts';

/** Any number will do; it stays the same, so that the demo does. */
const SEED = 20_260_114;
const HOUR = 3_600;
/** After the corrections, and before people go out. */
const CONTRACTS_SECOND = 10 * HOUR;
/** The money of a mortgage is paid on soon. */
const PAID_ON_SECONDS = 600;
/** Customers sign in the morning of the first day; their money comes an hour later. */
export const OPENING_SECOND = 9 * HOUR;
/** Days from one double charge of a card by a shop to the next, and from one payment to the wrong person. */
const DAYS_BETWEEN_DOUBLE_CHARGES = 37;
const DAYS_BETWEEN_WRONG_PAYEES = 90;

/** From the first day to the last, both included, in the bank's time zone. */
export type DemoYear = { readonly firstDay: IsoDate; readonly lastDay: IsoDate; readonly timeZone: string };

/**
 * The first day that is ended as a bank ends its days; those before it are movements alone, since each takes a tenth of a
 * second. From the beginning of the month before the last one on.
 */
export function firstEndedDay({ firstDay, lastDay }: Pick<DemoYear, 'firstDay' | 'lastDay'>): IsoDate {
  return laterOf(firstDay, firstOfMonth(monthsAfter(firstOfMonth(lastDay), -1)));
}

/** Plans every movement of the demo's year. */
export function planYear(year: DemoYear): YearPlan {
  return new YearPlanner(year).plan();
}

class YearPlanner {
  readonly #year: DemoYear;
  readonly #plan = new YearPlan();
  readonly #random = new SeededRandom(SEED);
  readonly #life = new DailyLife(this.#plan, this.#random);
  readonly #desk = new Desk(this.#plan);
  /** Ascending; undefined until the mortgage is paid out. */
  #instalmentDates: readonly IsoDate[] | undefined;
  #termDeposits = TERM_DEPOSITS;
  #savingPlans = SAVING_PLANS;
  readonly #bankFlows: readonly AccountFlow[];
  readonly #shopFlows: readonly AccountFlow[];

  constructor(year: DemoYear) {
    this.#year = year;
    const flows = regularPayments(this.#random);
    const isBooked = ({ flow }: AccountFlow): boolean => flow.kind === 'to' || flow.mode === 'online';
    this.#bankFlows = flows.filter(isBooked);
    this.#shopFlows = flows.filter((flow) => !isBooked(flow));
  }

  plan(): YearPlan {
    const { firstDay, lastDay } = this.#year;
    this.#payOpeningBalances();
    for (let day = demoDay(firstDay, 1); day.date <= lastDay; day = demoDay(firstDay, day.number + 1)) {
      if (day.isBankDay) {
        this.#planEarlyMorning(day);
        this.#planDesk(day);
        this.#planContracts(day);
      }
      this.#planDay(day);
    }
    return this.#plan;
  }

  #payOpeningBalances(): void {
    this.#startRound(this.#year.firstDay, OPENING_SECOND + HOUR);
    ACCOUNTS.forEach(({ key, openingMinor, product }, index) => {
      const atCounter = product === 'current' && index % 9 === 0;
      const description = atCounter ? 'First deposit' : 'Transfer from my former bank';
      this.#plan.deposit(key, openingMinor, atCounter ? 'branch' : 'online', { description });
    });
  }

  /** Payments booked before anybody is awake: salaries, rents, bills. */
  #planEarlyMorning(day: DemoDay): void {
    this.#startRound(day.date, this.#between(5, 7));
    planFlows(this.#plan, this.#random, day, this.#bankFlows);
    if (dueOn({ day: 10 }, day) !== undefined) this.#life.payTaxes();
  }

  /** Corrections, each with a time of its own. */
  #planDesk({ date, number }: DemoDay): void {
    let second = this.#between(8, 9);
    this.#desk.work(number, () => {
      second += this.#random.between(60, 240);
      this.#startRound(date, second);
    });
  }

  /** What the bank agrees with customers, each on the first bank day from its own on. */
  #planContracts({ date, number }: DemoDay): void {
    if (this.#instalmentDates === undefined && number >= MORTGAGE.day)
      this.#instalmentDates = this.#lend(date);
    const instalments = this.#instalmentDates?.filter((due) => due <= date) ?? [];
    const deposits = this.#termDeposits.filter(({ day }) => day <= number);
    const savings = this.#savingPlans.filter(({ day }) => day <= number);
    if ([...instalments, ...deposits, ...savings].length === 0) return;
    this.#startRound(date, CONTRACTS_SECOND + 2 * PAID_ON_SECONDS);
    for (const due of instalments) {
      const isPaidByHand = due < firstEndedDay(this.#year);
      this.#plan.setAside(MORTGAGE.account, MORTGAGE.instalmentMinor, { isPaidByHand });
    }
    for (const deposit of deposits) this.#plan.holdForTerm(deposit);
    for (const saving of savings) this.#plan.saveWeekly(saving);
    this.#instalmentDates = this.#instalmentDates?.filter((due) => due > date);
    this.#termDeposits = this.#termDeposits.filter(({ day }) => day > number);
    this.#savingPlans = this.#savingPlans.filter(({ day }) => day > number);
  }

  /** Pays a mortgage out, and on to the seller. Returns when its instalments fall due. */
  #lend(date: IsoDate): IsoDate[] {
    const { account, amountMinor, seller, instalments } = MORTGAGE;
    this.#startRound(date, CONTRACTS_SECOND);
    this.#plan.lend(account, amountMinor);
    this.#startRound(date, CONTRACTS_SECOND + PAID_ON_SECONDS);
    this.#plan.withdraw(account, amountMinor, 'online', { description: seller });
    const { day: anchorDay } = dateParts(date);
    return Array.from({ length: instalments }, (_, index) => monthsAfter(date, index + 1, { anchorDay }));
  }

  /** Payments of people and shops at some hour of the day. */
  #planDay(day: DemoDay): void {
    this.#startRound(day.date, this.#between(11, 20));
    planFlows(this.#plan, this.#random, day, this.#shopFlows);
    const [purchase] = this.#life.spend(day.isSunday);
    if (day.number % DAYS_BETWEEN_DOUBLE_CHARGES === 0) this.#chargeTwice(purchase, day.number);
    if (day.isSaturday) this.#life.indulge();
    if (!day.isBankDay) return;
    const cheque = this.#life.receive();
    if (cheque !== undefined && this.#random.chance(200)) {
      this.#desk.takeBack(cheque, day.number + 4, 'Cheque returned unpaid');
    }
    if (day.number % DAYS_BETWEEN_WRONG_PAYEES === 0) this.#payWrongPerson(day.number);
  }

  #chargeTwice(purchase: Movement | undefined, day: number): void {
    if (purchase?.kind !== 'withdrawal') return;
    const { account, amountMinor, mode, description } = purchase;
    const again = this.#plan.withdraw(account, amountMinor, mode, { description });
    if (again !== undefined) this.#desk.takeBack(again, day + 1, 'Card charged twice');
  }

  #payWrongPerson(day: number): void {
    const [from, to] = this.#random.chance(500)
      ? ['nina.petersen', 'lea.hoffmann']
      : ['sofia.rossi', 'ali.haddad'];
    const description = 'Holiday flat';
    const wrong = this.#plan.transfer(from, to, this.#random.amount(30n, 240n) * 100n, { description });
    if (wrong !== undefined) this.#desk.takeBack(wrong, day + 1, 'Sent to the wrong account');
  }

  #startRound(date: IsoDate, second: number): void {
    this.#plan.startRound(instantAt(date, second, this.#year.timeZone));
  }

  /** A second between two hours of the day. */
  #between(fromHour: number, toHour: number): number {
    return this.#random.between(fromHour * HOUR, toHour * HOUR);
  }
}
