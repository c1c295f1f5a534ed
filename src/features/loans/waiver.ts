import type { IsoDate } from '#lib/time/dates.ts';
import { dueOf, lesserOf } from './allocation.ts';
import { loanError } from './errors.ts';
import type { WaivedPart } from './event.ts';
import { dueParts, type LoanParts, type LoanState, NO_PARTS, type UnpaidItem } from './state.ts';

/**
 * Gives up an amount of one part of what is due, the oldest first; all of it if no amount is given. Throws 422
 * `nothing_to_waive` and `waiver_exceeds_due`.
 */
export function waived(
  state: LoanState,
  part: WaivedPart,
  amountMinor: bigint | undefined,
): { readonly change: Partial<LoanState>; readonly given: LoanParts } {
  const name = `${part}Minor` as const;
  const dueMinor = dueParts(state)[name];
  if (dueMinor === 0n) throw loanError('nothing_to_waive');
  const givenMinor = amountMinor ?? dueMinor;
  if (givenMinor > dueMinor) throw loanError('waiver_exceeds_due');
  const given = { ...NO_PARTS, [name]: givenMinor };
  if (name === 'penaltiesMinor') {
    return { given, change: { penaltiesDueMinor: state.penaltiesDueMinor - givenMinor } };
  }
  let leftMinor = givenMinor;
  const unpaid = state.unpaid.map((item) => {
    const takenMinor = lesserOf(leftMinor, item[name]);
    leftMinor -= takenMinor;
    return { ...item, [name]: item[name] - takenMinor };
  });
  return { given, change: { unpaid: unpaid.filter((item) => dueOf(item) > 0n) } };
}

/** The number of a row for a charge, which belongs to no instalment. */
export const CHARGE_ROW = 0;

/** What is unpaid with a charge of a date; charges of one date are one row. */
export function withCharge(unpaid: readonly UnpaidItem[], feesMinor: bigint, on: IsoDate): UnpaidItem[] {
  const isSame = ({ number, dueOn }: UnpaidItem) => number === CHARGE_ROW && dueOn === on;
  if (unpaid.some(isSame)) {
    return unpaid.map((item) => (isSame(item) ? { ...item, feesMinor: item.feesMinor + feesMinor } : item));
  }
  return [...unpaid, { number: CHARGE_ROW, dueOn: on, principalMinor: 0n, interestMinor: 0n, feesMinor }];
}
