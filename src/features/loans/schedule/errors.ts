import { type FlorinError, InvalidInputError, RefusedError } from '#lib/errors.ts';

/** Terms that contradict each other: 400, with the field that gives way. */
const CONTRADICTIONS = {
  first_due_not_after_disbursement: ['firstDueOn', 'the first instalment must be due after the disbursement'],
  schedule_starts_after_disbursement: [
    'scheduleStartsOn',
    'must not be after disbursedOn; firstDueOn moves the first instalment',
  ],
  term_too_long: ['instalments', 'the last instalment would be due more than 100 years after the first day'],
  grace_too_long: ['gracePrincipal', 'must leave at least one instalment that is paid in full'],
  multiple_without_instalment: ['instalmentMultiple', 'does not belong to a bullet loan'],
  nudge_without_annuity: ['oneCentNudge', 'belongs to an annuity without instalmentMultiple'],
  year_split_without_actual_actual: ['yearSplit', 'belongs to interest per day on actual/actual'],
  down_payment_out_of_range: ['downPaymentPercent', 'must be above 0 and below 100'],
  down_payment_with_disbursements: ['downPaymentPercent', 'does not go with several disbursements'],
  rate_out_of_range: ['annualRatePercent', 'must be from 0 to 1000'],
  rate_change_outside_term: [
    'rateChanges',
    'must lie after disbursedOn and not after the last instalment, one a date',
  ],
  disbursement_outside_term: [
    'disbursements',
    'must lie from disbursedOn to before the last instalment, one a date',
  ],
  disbursements_do_not_add_up: [
    'disbursements',
    'that begin on disbursedOn are all there are, and their sum must be the amount',
  ],
  fee_not_one_of_amount_and_percent: ['fees', 'take one of amount and percent, and of with percent alone'],
} as const satisfies Readonly<Record<string, readonly [path: string, message: string]>>;

export type Contradiction = keyof typeof CONTRADICTIONS;

/** 400 with the code of the contradiction. */
export function contradiction(code: Contradiction, path?: string): InvalidInputError {
  const [field, message] = CONTRADICTIONS[code];
  const at = path ?? field;
  return new InvalidInputError(code, `${at}: ${message}.`, { fields: [{ path: at, message }] });
}

/** What only shows when it is computed: 422. */
const REFUSALS = {
  amount_too_small: 'The amount is too small for so many instalments: one of them would be nothing.',
  instalment_multiple_too_coarse:
    'Instalments rounded to this multiple would be nothing, or would not cover their interest.',
  apr_not_computable:
    'No annual rate up to 100,000,000 % makes the payments worth what is paid out: fees leave too little of it.',
} as const;

/** 422 with the code of the refusal. */
export function scheduleRefusal(code: keyof typeof REFUSALS): FlorinError {
  return new RefusedError(code, REFUSALS[code]);
}
