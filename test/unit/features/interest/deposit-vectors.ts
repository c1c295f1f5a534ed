import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BESIDE = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
/** Beside the checkout, or where the variable says. */
export const FOLDER = process.env.DEPOSIT_VECTORS ?? BESIDE;
const FILE = `${FOLDER}/deposit-vectors.json`;

/** Why the published figures cannot be compared with; false when they are there. */
export const withoutVectors = existsSync(FILE) ? false : `the published figures are not at ${FILE}`;

export type TierInput = { readonly upTo: string | null; readonly annualRatePercent: string };

/** What vectors are made of: each has some of these. */
export type VectorInput = {
  readonly currency?: string;
  readonly balance?: string;
  readonly annualRatePercent?: string;
  readonly dayCount?: string;
  readonly days?: number;
  readonly tiers?: readonly TierInput[];
  readonly movements?: readonly { readonly on: string; readonly amount: string }[];
  readonly accruedThrough?: string;
  readonly eodBalances?: readonly {
    readonly from: string;
    readonly balance: string;
    readonly days: number;
  }[];
  readonly gross?: string;
  readonly grossUnrounded?: string;
  readonly deposit?: string;
  readonly principal?: string;
  readonly amount?: string;
  readonly termMonths?: number;
  readonly penaltyPercent?: string;
  readonly cardRateForHeldTermPercent?: string;
  readonly interestAlreadyPaid?: string;
  readonly monthly?: string;
  readonly months?: number;
  readonly taxPercent?: string;
  readonly interest?: string;
  readonly interestEarned?: string;
  readonly steps?: readonly { readonly days: number; readonly annualRatePercent: string }[];
  readonly balances?: readonly { readonly balance: string; readonly days: number }[];
  readonly [name: string]: unknown;
};

export type Vector = {
  readonly id: string;
  readonly input: VectorInput;
  readonly expected: Readonly<Record<string, string>> & {
    readonly byTier?: readonly string[];
    readonly bySegmentAsPrinted?: readonly string[];
    readonly growthOfPayments?: readonly string[];
  };
};

const SECTIONS = [
  'daily_accrual',
  'accrual_runs',
  'tiers_by_band',
  'tiers_whole_balance',
  'apy_us_reg_dd',
  'equivalent_rates',
  'overdraft_and_negative',
  'minimum_balance',
  'withholding_tax',
  'term_deposits',
  'rate_charts',
  'premature_closure',
  'recurring_deposits',
  'fees',
] as const;
export type Section = (typeof SECTIONS)[number];

/** Figures that others published: of banks, regulations and test suites. Empty where the file is not. */
export const VECTORS: Readonly<Record<Section, readonly Vector[]>> =
  withoutVectors === false
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as Record<Section, readonly Vector[]>)
    : (Object.fromEntries(SECTIONS.map((section) => [section, []])) as never);

/** Those of a section by their ids; a test that names them fails if the file has one that no test knows. */
export function vectorsOf(section: Section): ReadonlyMap<string, Vector> {
  return new Map(VECTORS[section].map((vector) => [vector.id, vector]));
}
