import type { LoanParts } from './state.ts';
import type { Earned } from './time.ts';

/** One side of a loan's posting: a line of the bank's chart, the borrower's account, or the source of the money. */
export type LoanSide =
  | 'loans'
  | 'interestReceivable'
  | 'feesReceivable'
  | 'penaltiesReceivable'
  | 'allowance'
  | 'interestIncome'
  | 'feeIncome'
  | 'penaltyIncome'
  | 'ahead'
  | 'recoveries'
  | 'losses'
  | 'account'
  | 'source';

export type LoanLine = { readonly debit: LoanSide; readonly credit: LoanSide; readonly amountMinor: bigint };

/** Drops lines of zero and turns negative ones round. */
function linesOf(lines: readonly LoanLine[]): LoanLine[] {
  return lines.flatMap(({ debit, credit, amountMinor }) => {
    if (amountMinor === 0n) return [];
    return amountMinor > 0n
      ? { debit, credit, amountMinor }
      : { debit: credit, credit: debit, amountMinor: -amountMinor };
  });
}

const RECEIVABLES = [
  ['loans', 'principalMinor'],
  ['interestReceivable', 'interestMinor'],
  ['feesReceivable', 'feesMinor'],
  ['penaltiesReceivable', 'penaltiesMinor'],
] as const satisfies readonly (readonly [LoanSide, keyof LoanParts])[];

/** Earnings, provisions for losses, and what was paid ahead of amounts that are due now. */
export function earnedLines({
  interestMinor,
  feesMinor,
  penaltiesMinor,
  provisionMinor,
  applied,
}: Earned): LoanLine[] {
  return linesOf([
    { debit: 'interestReceivable', credit: 'interestIncome', amountMinor: interestMinor },
    { debit: 'feesReceivable', credit: 'feeIncome', amountMinor: feesMinor },
    { debit: 'penaltiesReceivable', credit: 'penaltyIncome', amountMinor: penaltiesMinor },
    { debit: 'losses', credit: 'allowance', amountMinor: provisionMinor },
    ...RECEIVABLES.map(
      ([credit, part]): LoanLine => ({ debit: 'ahead', credit, amountMinor: applied[part] }),
    ),
  ]);
}

/** The disbursement, less a withheld fee. */
export function disbursementLines(amountMinor: bigint, keptFeeMinor: bigint): LoanLine[] {
  return linesOf([
    { debit: 'loans', credit: 'account', amountMinor: amountMinor - keptFeeMinor },
    { debit: 'loans', credit: 'feeIncome', amountMinor: keptFeeMinor },
  ]);
}

/**
 * A repayment. The payer sees one line: it goes to the first receivable paid, which passes on the other parts and what
 * is kept for the next instalments, or takes what was kept. An excess goes to the borrower's account.
 */
export function repaymentLines(parts: LoanParts, excessMinor: bigint, aheadMinor = 0n): LoanLine[] {
  const paid = RECEIVABLES.filter(([, part]) => parts[part] > 0n);
  const [first, ...others] = paid;
  const excess: LoanLine = { debit: 'source', credit: 'account', amountMinor: excessMinor };
  if (first === undefined)
    return linesOf([{ debit: 'source', credit: 'ahead', amountMinor: aheadMinor }, excess]);
  const [hub] = first;
  const handedOn = others.map(
    ([credit, part]): LoanLine => ({ debit: hub, credit, amountMinor: parts[part] }),
  );
  const sumMinor = paid.reduce((sum, [, part]) => sum + parts[part], 0n);
  return linesOf([
    { debit: 'source', credit: hub, amountMinor: sumMinor + aheadMinor },
    ...handedOn,
    { debit: hub, credit: 'ahead', amountMinor: aheadMinor },
    excess,
  ]);
}

/** What is given up of interest, fees or penalties was not earned after all. */
export function waiverLines({ interestMinor, feesMinor, penaltiesMinor }: LoanParts): LoanLine[] {
  return linesOf([
    { debit: 'interestIncome', credit: 'interestReceivable', amountMinor: interestMinor },
    { debit: 'feeIncome', credit: 'feesReceivable', amountMinor: feesMinor },
    { debit: 'penaltyIncome', credit: 'penaltiesReceivable', amountMinor: penaltiesMinor },
  ]);
}

/** A charge that is due at once. */
export function chargeLines(amountMinor: bigint): LoanLine[] {
  return linesOf([{ debit: 'feesReceivable', credit: 'feeIncome', amountMinor }]);
}

/** The debt leaves the books as a loss, covered first by its provision. */
export function lossLines(owed: LoanParts, provisionMinor: bigint): LoanLine[] {
  return linesOf([
    ...RECEIVABLES.map(([credit, part]): LoanLine => ({ debit: 'losses', credit, amountMinor: owed[part] })),
    { debit: 'allowance', credit: 'losses', amountMinor: provisionMinor },
  ]);
}

export function recoveryLines(amountMinor: bigint): LoanLine[] {
  return linesOf([{ debit: 'source', credit: 'recoveries', amountMinor }]);
}
