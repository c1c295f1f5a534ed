import { assert } from '#lib/assert.ts';
import { isRefusal } from '#lib/errors.ts';
import { cleanReasons, type Reasons } from '#lib/reasons.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { loanError } from './errors.ts';
import type { LoanEvent, LoanEventDetails, LoanEventKind } from './event.ts';
import { Footprint, type Move, placeOf } from './footprint.ts';
import { type Life, type LivingLoan, relive } from './life.ts';
import { type LoanParts, type LoanState, NO_PARTS, owedParts } from './state.ts';

/** An event that changes the past: it undoes an earlier one, or counts from a date before today. */
export type CorrectingEvent = {
  readonly kind: LoanEventKind;
  readonly on: IsoDate;
  readonly amountMinor: bigint;
  readonly parts: LoanParts;
  /** How its parts change what is owed. */
  readonly sign: 1n | -1n | 0n;
  readonly details: LoanEventDetails;
};

/** The correction's own entry, and what of its event follows from the new life. */
export type Own = {
  readonly moves: readonly Move[];
  readonly event?: Partial<LoanEvent>;
};

export type Corrected = {
  readonly state: LoanState;
  readonly event: LoanEvent;
  /** What the books need beyond the correction's own entry, today. */
  readonly moves: readonly Move[];
};

/**
 * Corrects a loan that has accrued up to today: its life is lived again with the correcting event, and the difference
 * to its life until now is what is posted. `ownOf` gives the correction's own entry in the new life, and the event as it came out there. What was recorded stays
 * as it is; the event says what else it changed. Throws 422 `correction_blocked` where a later act is not possible any
 * more.
 */
export function correct(
  { state, product }: LivingLoan,
  events: readonly LoanEvent[],
  correcting: CorrectingEvent,
  ownOf: (life: Life) => Own,
  today: IsoDate,
): Corrected {
  const { accruedThrough } = state;
  const through = accruedThrough !== undefined && accruedThrough > today ? accruedThrough : today;
  const before = relive({ state, product }, events, through);
  const draft = eventOf(correcting, state);
  const life = reliveCorrected({ state, product }, [...events, draft], through);
  const { moves, event: made = {} } = ownOf(life);
  // An allowance that was used for a loss comes back with it.
  const kept = state.provisionMinor - new Footprint().add(moves).at(placeOf('allowance', {}));
  const provisionMinor = life.loan.state.status === 'active' ? kept : 0n;
  const posted = before.footprint.plus(provisionMoves(state.provisionMinor)).add(moves);
  const wanted = life.footprint.plus(provisionMoves(provisionMinor));
  const after = {
    ...life.loan.state,
    directDebit: state.directDebit,
    officer: state.officer,
    provisionMinor,
    lastEventNumber: draft.number,
    version: draft.version,
  };
  const owedAfter = owedParts(after);
  const recorded = { ...draft, ...made };
  const corrected = residual(owedParts(before.loan.state), owedAfter, recorded, correcting.sign);
  const event = { ...recorded, owedAfter, details: { ...recorded.details, corrected } };
  return { state: after, event, moves: wanted.since(posted) };
}

function reliveCorrected(loan: LivingLoan, events: readonly LoanEvent[], through: IsoDate): Life {
  try {
    return relive(loan, events, through);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw loanError('correction_blocked', { why: error.message });
  }
}

function eventOf({ kind, on, amountMinor, parts, details }: CorrectingEvent, state: LoanState): LoanEvent {
  const number = state.lastEventNumber + 1;
  const rest = { owedAfter: NO_PARTS, entryId: undefined, version: state.version + 1 };
  return { ...rest, ...parts, number, kind, on, amountMinor, details };
}

/** A provision, as the books have it. */
function provisionMoves(amountMinor: bigint): Move[] {
  const [debit, credit] = [placeOf('losses', {}), placeOf('allowance', {})];
  return amountMinor === 0n ? [] : [{ debit, credit, amountMinor }];
}

/** What changed of the debt beyond the parts of the event itself. */
function residual(before: LoanParts, after: LoanParts, parts: LoanParts, sign: bigint): LoanParts {
  const of = (part: keyof LoanParts): bigint => after[part] - before[part] - sign * parts[part];
  return {
    principalMinor: of('principalMinor'),
    interestMinor: of('interestMinor'),
    feesMinor: of('feesMinor'),
    penaltiesMinor: of('penaltiesMinor'),
  };
}

/** The kinds that can be undone, and how the parts of one come back to what is owed. */
const UNDOABLE: Partial<Record<LoanEventKind, 1n | -1n | 0n>> = {
  disbursed: -1n,
  repaid: 1n,
  rescheduled: 0n,
  charged_off: 1n,
  written_off: 1n,
  waived: 1n,
  charged: -1n,
};

/** Whether an event can still be undone; the last repayment is looked for by this. */
export function isUndoable(events: readonly LoanEvent[], event: LoanEvent): boolean {
  const { number, kind, details } = event;
  if (UNDOABLE[kind] === undefined || details.isBroughtIn === true) return false;
  return !events.some((one) => one.details.undoes === number);
}

/**
 * The event that undoes another one. Throws 422 `not_undoable` for what cannot be undone, 409
 * `already_undone`, and 422 `disbursement_in_use` for a disbursement of an earlier date, or after which anything was
 * done.
 */
export function undoing(
  events: readonly LoanEvent[],
  target: LoanEvent & { readonly bookedOn: IsoDate },
  reasons: Reasons,
  today: IsoDate,
): CorrectingEvent {
  const { kind, number, amountMinor, details } = target;
  const sign = UNDOABLE[kind];
  if (sign === undefined || details.isBroughtIn === true) throw loanError('not_undoable');
  if (!isUndoable(events, target)) throw loanError('already_undone');
  if (kind === 'disbursed') assertUnused(events, target, today);
  const { principalMinor, interestMinor, feesMinor, penaltiesMinor } = target;
  // A fee that was withheld from a disbursement was never owed.
  const fees = kind === 'disbursed' ? 0n : feesMinor;
  const parts = { principalMinor, interestMinor, feesMinor: fees, penaltiesMinor };
  const undoneKind = kind === 'repaid' ? 'repayment_undone' : 'undone';
  return {
    kind: undoneKind,
    on: today,
    amountMinor,
    parts,
    sign,
    details: { undoes: number, ...cleanReasons(reasons) },
  };
}

function assertUnused(
  events: readonly LoanEvent[],
  { number, bookedOn }: LoanEvent & { readonly bookedOn: IsoDate },
  today: IsoDate,
): void {
  const later = events.filter((one) => one.number > number && UNDOABLE[one.kind] !== undefined);
  if (bookedOn !== today || later.some((one) => isUndoable(events, one))) {
    throw loanError('disbursement_in_use');
  }
}

/** How each kind of event changes what is owed, as a multiple of its parts; the others do not. */
const SIGNS: Partial<Record<LoanEventKind, 1n | -1n>> = {
  disbursed: 1n,
  repaid: -1n,
  charged_off: -1n,
  written_off: -1n,
  waived: -1n,
  charged: 1n,
  late_fee: 1n,
  paid_ahead: -1n,
};

/** What an event itself changed of what is owed, without what was earned until then. Interest that falls due was owed. */
export function effectOn(events: readonly LoanEvent[], event: LoanEvent): LoanParts {
  const { kind, details } = event;
  const target = events.find(({ number }) => number === details.undoes);
  const sign = target === undefined ? (SIGNS[kind] ?? 0n) : -(SIGNS[target.kind] ?? 0n);
  const { corrected = NO_PARTS } = details;
  const isDisbursement = (target?.kind ?? kind) === 'disbursed';
  // A fee that is withheld from a disbursement is never owed, and one that falls due is.
  const feesMinor = isDisbursement ? 0n : sign * event.feesMinor;
  return {
    principalMinor: sign * event.principalMinor + corrected.principalMinor,
    interestMinor: sign * event.interestMinor + corrected.interestMinor,
    feesMinor: (kind === 'fell_due' ? duringFall(events, event) : feesMinor) + corrected.feesMinor,
    penaltiesMinor: sign * event.penaltiesMinor + corrected.penaltiesMinor,
  };
}

/** The fees of a row are owed from its due date on, unless they were withheld from the disbursement of that date. */
function duringFall(events: readonly LoanEvent[], { on, details, feesMinor }: LoanEvent): bigint {
  const disbursed = events.find(({ kind }) => kind === 'disbursed');
  const isWithheld = details.row === 0 && disbursed?.on === on && disbursed.details.feesFrom === 'amount';
  return isWithheld ? 0n : feesMinor;
}

/** A repayment as it came out in a life. */
export function repaymentIn({ steps }: Life, number: number): LoanEvent {
  const step = steps.find(({ action }) => action?.number === number);
  const repaid = step?.happened.find(({ kind }) => kind === 'repaid');
  assert(repaid !== undefined, 'a repayment is in the life that it is a part of');
  return repaid;
}
