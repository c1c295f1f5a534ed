import { type ErrorTable, errorsOf, type FieldError, type FlorinError } from '#lib/errors.ts';

/** Contradictory terms: 400, with the field to change unless the caller names another one. */
const contradicts = (path: string, must: string) =>
  ({
    status: 400,
    path,
    must,
    message: (at: FieldError) => `${at.path}: ${at.message}.`,
    meaning: `\`${path}\`: ${must}.`,
    action: 'Correct the field that `errors` names.',
  }) as const;

const CONTRADICTIONS = {
  first_due_not_after_disbursement: contradicts(
    'firstDueOn',
    'the first instalment must be due after the disbursement',
  ),
  schedule_starts_after_disbursement: contradicts(
    'scheduleStartsOn',
    'must not be after disbursedOn; firstDueOn moves the first instalment',
  ),
  term_too_long: contradicts(
    'instalments',
    'the last instalment would be due more than 100 years after the first day',
  ),
  grace_too_long: contradicts('gracePrincipal', 'must leave at least one instalment that is paid in full'),
  multiple_without_instalment: contradicts('instalmentMultiple', 'does not belong to a bullet loan'),
  nudge_without_annuity: contradicts('oneCentNudge', 'belongs to an annuity without instalmentMultiple'),
  year_split_without_actual_actual: contradicts('yearSplit', 'belongs to interest per day on actual/actual'),
  down_payment_out_of_range: contradicts('downPaymentPercent', 'must be above 0 and below 100'),
  down_payment_with_disbursements: contradicts(
    'downPaymentPercent',
    'does not go with several disbursements',
  ),
  rate_out_of_range: contradicts('annualRatePercent', 'must be from 0 to 1000'),
  rate_change_outside_term: contradicts(
    'rateChanges',
    'must lie after disbursedOn and not after the last instalment, one a date',
  ),
  disbursement_outside_term: contradicts(
    'disbursements',
    'must lie from disbursedOn to before the last instalment, one a date',
  ),
  disbursements_do_not_add_up: contradicts(
    'disbursements',
    'that begin on disbursedOn are all there are, and their sum must be the amount',
  ),
  fee_not_one_of_amount_and_percent: contradicts(
    'fees',
    'take one of amount and percent, and of with percent alone',
  ),
} as const satisfies ErrorTable;

/** The errors of the schedule's arithmetic. */
export const SCHEDULE_ERRORS = {
  ...CONTRADICTIONS,
  amount_too_small: {
    status: 422,
    message: 'The amount is too small for this number of instalments: one of them would be nothing.',
    action: 'Lend more, or in fewer instalments.',
  },
  instalment_multiple_too_coarse: {
    status: 422,
    message: 'Instalments rounded to this multiple would be nothing, or would not cover their interest.',
    action: 'Choose a smaller instalmentMultiple.',
  },
  apr_not_computable: {
    status: 422,
    message:
      'No annual rate up to 100,000,000 % makes the payments worth what is paid out: fees leave too little of it.',
    action: 'Lower the fees.',
  },
} as const satisfies ErrorTable;

export const scheduleError = errorsOf(SCHEDULE_ERRORS);

export type Contradiction = keyof typeof CONTRADICTIONS;

/** 400 with the code of the contradiction and its field. */
export function contradiction(code: Contradiction, path: string = CONTRADICTIONS[code].path): FlorinError {
  const message = CONTRADICTIONS[code].must;
  return scheduleError(code, { path, message, fields: [{ path, message }] });
}
