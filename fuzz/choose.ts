import { ACCESS, mayOf } from '#bank/access.ts';
import { ROLES } from '#lib/caller.ts';
import { chance, type Draw, pick } from './draw.ts';
import { CALLERS, type CallerName } from './host/callers.ts';
import type { Operation } from './operations.ts';

/** Relative weights of operations; 10 for those not listed. */
const WEIGHTS: Readonly<Record<string, number>> = {
  deposit: 25,
  withdraw: 20,
  transfer: 25,
  openAccount: 15,
  placeHold: 15,
  applyForLoan: 15,
  approveLoan: 15,
  disburseLoan: 15,
  repayLoan: 15,
  // A closed loan takes no more payments.
  writeOffLoan: 2,
  rejectLoan: 3,
  withdrawLoan: 3,
  // Hashing a password takes a tenth of a second of a core, by design.
  login: 1,
  createUser: 2,
  changeOwnPassword: 1,
  removeTotp: 2,
  // Each ends a caller's own access.
  logout: 2,
  // Dates that are closed stay closed, and a date that goes ahead leaves the rest of the run behind.
  setBusinessDate: 1,
  runEndOfDay: 2,
  setCalendar: 1,
  // A deleted resource ends all further requests about it.
  closeCustomer: 3,
  // Nothing is paid from what is theirs.
  reportDeath: 3,
  deleteCustomer: 4,
  eraseCustomer: 4,
  closeAccount: 3,
  freezeAccount: 4,
};
const WEIGHT = 10;

/** The percentage of requests from a caller who is allowed to make them. */
const ALLOWED_PERCENT = 85;

export function weigh(operations: readonly Operation[]): Operation[] {
  return operations.flatMap((operation) =>
    Array.from({ length: WEIGHTS[operation.id] ?? WEIGHT }, () => operation),
  );
}

/** The caller of an operation. */
export function chooseCaller({ id }: Operation, draw: Draw): CallerName {
  const allowed = allowedTo(id);
  return pick(draw, chance(draw, ALLOWED_PERCENT) ? allowed : CALLERS);
}

function allowedTo(operationId: string): readonly CallerName[] {
  const row = ACCESS[operationId];
  if (row === undefined || row === 'public') return ['nobody'];
  if (row === 'any user') return ROLES;
  const roles = ROLES.filter((role) => mayOf(operationId, row, role) !== '-');
  return row[5] === '-' ? roles : [...roles, 'service'];
}
