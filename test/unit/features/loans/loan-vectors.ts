import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BESIDE = fileURLToPath(new URL('../../../../../shared/data/loan-vectors.json', import.meta.url));
/** Beside the checkout, or where the variable says. */
const FILE = process.env.LOAN_VECTORS ?? BESIDE;

/** Why the published figures cannot be compared with; false when they are there. */
export const withoutVectors = existsSync(FILE) ? false : `the published figures are not at ${FILE}`;

export type VectorRow = {
  readonly n: number;
  readonly days: number;
  readonly due_date: string;
  readonly principal: string;
  readonly interest: string;
  readonly total: string;
  readonly balance: string;
  readonly fees?: string;
  readonly penalties?: string;
};

type Sums = { readonly principal: string; readonly interest: string; readonly total: string };

export type ScheduleVector = {
  readonly id: string;
  readonly input: Readonly<Record<string, string | number | readonly string[]>>;
  readonly schedule: readonly VectorRow[];
  readonly totals?: Sums;
};

type Vectors = {
  readonly loan_schedules: readonly ScheduleVector[];
  readonly rate_factors: readonly {
    readonly id: string;
    readonly factors?: readonly string[];
    readonly values?: readonly string[];
  }[];
  readonly prepayment: readonly {
    readonly id: string;
    readonly as_of: string;
    readonly outstanding_principal: string;
    readonly interest_due_to_date: string;
  }[];
  readonly multi_disbursement: readonly {
    readonly id: string;
    readonly schedule: readonly (readonly string[])[];
  }[];
  readonly apr_us_reg_z_appendix_j: readonly { readonly id: string; readonly expected_apr_pct: string }[];
  readonly apr_eu: readonly { readonly id: string; readonly expected_apr_pct: string }[];
  readonly apr_uk: readonly {
    readonly id: string;
    readonly advance: string;
    readonly repayment: string;
    readonly days: string;
    readonly expected_apr_pct: string;
  }[];
  readonly day_counts: {
    readonly actual_actual: readonly {
      readonly start: string;
      readonly end: string;
      readonly isda: string;
    }[];
    readonly thirty_e_360: readonly (readonly [start: string, end: string, days: number])[];
  };
};

/** Figures that others published: of test suites and regulations. Empty where the file is not. */
export const VECTORS: Vectors =
  withoutVectors === false
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as Vectors)
    : {
        loan_schedules: [],
        rate_factors: [],
        prepayment: [],
        multi_disbursement: [],
        apr_us_reg_z_appendix_j: [],
        apr_eu: [],
        apr_uk: [],
        day_counts: { actual_actual: [], thirty_e_360: [] },
      };

/** Minor units of an amount as the file writes it: `0.0`, `85.14`, `1.3`. */
export function cents(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.split('.');
  return BigInt(`${whole}${fraction.padEnd(2, '0')}`);
}
