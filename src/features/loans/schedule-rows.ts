import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanEvent } from './event.ts';
import type { Life, LifeStep } from './life.ts';
import { computeSchedule } from './schedule/schedule.ts';
import { type LoanParts, type LoanState, NO_PARTS, type UnpaidItem } from './state.ts';

/** The parts of a row. Minor units. */
export type RowParts = Pick<LoanParts, 'principalMinor' | 'interestMinor' | 'feesMinor'>;

export const ROW_STATUSES = [
  'paid',
  'due',
  'overdue',
  'upcoming',
  'waived',
  're_aged',
  'charged_off',
  'written_off',
] as const;
export type RowStatus = (typeof ROW_STATUSES)[number];

/** Why amounts are not due any more. */
type Fate = 'paid' | 'waived' | 're_aged' | 'charged_off' | 'written_off';

/** A row of the schedule that a loan went by, and goes by. */
export type LivedRow = {
  readonly number: number;
  readonly dueOn: IsoDate;
  /** What it asks for; what was moved into a later row by re-ageing is not in it. */
  readonly parts: RowParts;
  readonly paid: RowParts;
  readonly outstandingMinor: bigint;
  readonly status: RowStatus;
};

export type LivedSchedule = {
  readonly rows: readonly LivedRow[];
  /** Paid beyond what was due: no row asks for it. */
  readonly paidEarly: RowParts;
};

/**
 * The rows of a life up to a date: what fell due with its state, and what is to come. The principal of the rows
 * and what was paid early are what was lent.
 */
export function livedSchedule(life: Life, asOf: IsoDate): LivedSchedule {
  const rows = new Map<string, FallenRow>();
  let paidEarly: RowParts = NO_PARTS;
  for (const step of life.steps) {
    for (const event of step.happened) addFact(rows, event);
    const paidMinor = settle(rows, step);
    const repaid = step.happened.find(({ kind }) => kind === 'repaid');
    if (repaid !== undefined) paidEarly = plus(paidEarly, minus(repaid, paidMinor));
    for (const lost of lostRows(step)) rows.set(keyOf(lost), lost);
  }
  const fallen = [...rows.values()].map((row) => row.at(asOf));
  return { rows: [...fallen, ...coming(life.loan.state)], paidEarly };
}

class FallenRow {
  readonly number: number;
  readonly dueOn: IsoDate;
  outstandingMinor = 0n;
  asked: RowParts = NO_PARTS;
  open: RowParts = NO_PARTS;
  paid: RowParts = NO_PARTS;
  #moved: RowParts = NO_PARTS;
  #fate: Fate = 'paid';

  constructor(number: number, dueOn: IsoDate) {
    this.number = number;
    this.dueOn = dueOn;
  }

  ask(parts: RowParts): this {
    this.asked = plus(this.asked, parts);
    this.open = plus(this.open, parts);
    return this;
  }

  /** Some of it is not open any more. */
  settle(left: RowParts, fate: Fate): RowParts {
    const gone = minus(this.open, left);
    this.open = left;
    if (sumOf(gone) === 0n) return NO_PARTS;
    if (fate === 'paid') this.paid = plus(this.paid, gone);
    else this.#fate = fate;
    if (fate === 're_aged') this.#moved = plus(this.#moved, gone);
    return gone;
  }

  giveUp(fate: Fate): void {
    if (this.#fate === 'charged_off') this.#fate = fate;
  }

  at(asOf: IsoDate): LivedRow {
    const { number, dueOn, paid, outstandingMinor } = this;
    const openStatus = dueOn < asOf ? 'overdue' : 'due';
    const status = sumOf(this.open) > 0n ? openStatus : this.#fate;
    return { number, dueOn, parts: minus(this.asked, this.#moved), paid, outstandingMinor, status };
  }
}

function addFact(rows: Map<string, FallenRow>, { kind, on, details, ...parts }: LoanEvent): void {
  if (kind === 'late_fee') {
    const late = [...rows.values()].findLast(({ number }) => number === details.row);
    late?.ask(onlyRow(parts));
  }
  if (kind !== 'fell_due' || details.row === undefined) return;
  const row = new FallenRow(details.row, on).ask(onlyRow(parts));
  row.outstandingMinor = details.outstandingMinor ?? 0n;
  rows.set(keyOf(row), row);
}

const FATES: Partial<Record<LoanEvent['kind'], Fate>> = {
  rescheduled: 're_aged',
  waived: 'waived',
  charged_off: 'charged_off',
  written_off: 'written_off',
};

/** Compares the rows with what a step left of them; returns what of them it settled. */
function settle(rows: Map<string, FallenRow>, { action, after }: LifeStep): RowParts {
  const left = new Map(after.unpaid.map((item) => [keyOf(item), item]));
  for (const [key, item] of left) {
    // A charge, or fees that a re-ageing kept due, have a row of their own. It is not an instalment, and has no number.
    const row = rows.get(key) ?? new FallenRow(0, item.dueOn);
    rows.set(key, row.ask(notBelowZero(minus(item, row.open))));
  }
  const fate = (action && FATES[action.kind]) ?? 'paid';
  let sum: RowParts = NO_PARTS;
  for (const [key, row] of rows) {
    sum = plus(sum, row.settle(onlyRow(left.get(key) ?? NO_PARTS), fate));
    if (fate === 'written_off') row.giveUp(fate);
  }
  return sum;
}

/** What was not due yet when the loan was lost: its principal as it would have fallen due, and the interest earned. */
function lostRows({ action, before }: LifeStep): FallenRow[] {
  const fate = action && FATES[action.kind];
  if (fate !== 'charged_off' && fate !== 'written_off') return [];
  let interestMinor = before.interestAccruedMinor;
  return coming(before).map(({ number, dueOn, parts: { principalMinor }, outstandingMinor }) => {
    const row = new FallenRow(number, dueOn).ask({ principalMinor, interestMinor, feesMinor: 0n });
    interestMinor = 0n;
    row.outstandingMinor = outstandingMinor;
    row.settle(NO_PARTS, fate);
    return row;
  });
}

function coming({ terms, period }: LoanState): LivedRow[] {
  if (terms === undefined || period === undefined) return [];
  const rows = computeSchedule(terms).rows.filter(({ number }) => number >= period.number);
  return rows.map(({ number, dueOn, outstandingMinor, ...parts }) => {
    return { number, dueOn, parts, paid: NO_PARTS, outstandingMinor, status: 'upcoming' };
  });
}

const keyOf = ({ number, dueOn }: Pick<UnpaidItem, 'number' | 'dueOn'>): string => `${dueOn} ${number}`;

function onlyRow({ principalMinor, interestMinor, feesMinor }: RowParts): RowParts {
  return { principalMinor, interestMinor, feesMinor };
}

function plus(one: RowParts, other: RowParts): RowParts {
  return {
    principalMinor: one.principalMinor + other.principalMinor,
    interestMinor: one.interestMinor + other.interestMinor,
    feesMinor: one.feesMinor + other.feesMinor,
  };
}

function minus(one: RowParts, other: RowParts): RowParts {
  return {
    principalMinor: one.principalMinor - other.principalMinor,
    interestMinor: one.interestMinor - other.interestMinor,
    feesMinor: one.feesMinor - other.feesMinor,
  };
}

function notBelowZero({ principalMinor, interestMinor, feesMinor }: RowParts): RowParts {
  const floor = (minor: bigint): bigint => (minor < 0n ? 0n : minor);
  return {
    principalMinor: floor(principalMinor),
    interestMinor: floor(interestMinor),
    feesMinor: floor(feesMinor),
  };
}

export function sumOf({ principalMinor, interestMinor, feesMinor }: RowParts): bigint {
  return principalMinor + interestMinor + feesMinor;
}
