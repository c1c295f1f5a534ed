import { SCHEDULE_ERRORS } from '../schedule/errors.ts';
import { LOAN_PRODUCT_ERRORS } from './errors.ts';

const { loan_product_exists: _, ...OUTSIDE_PRODUCT } = LOAN_PRODUCT_ERRORS;
const ofStatus = (wanted: number): string[] =>
  Object.entries(SCHEDULE_ERRORS).flatMap(([code, { status }]) => (status === wanted ? [code] : []));

/** Terms contradict each other. */
export const CONTRADICTIONS = ofStatus(400);

/** What terms on a product can be refused for: also that no schedule comes of them. */
export const PRODUCT_TERMS_PROBLEMS = [
  ...CONTRADICTIONS,
  ...ofStatus(422),
  ...Object.keys(OUTSIDE_PRODUCT),
  'currency_mismatch',
];
