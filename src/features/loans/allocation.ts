import { unreachable } from '#lib/assert.ts';
import type { RepaymentPart, ServicingPolicy } from './products/product-conditions.ts';
import { addParts, type LoanParts, type LoanState, NO_PARTS, type UnpaidItem } from './state.ts';

/** The amounts that a payment covered, the amounts still due, and the rest of the payment. Minor units. */
export type Allocation = {
  readonly paid: LoanParts;
  readonly unpaid: readonly UnpaidItem[];
  readonly penaltiesDueMinor: bigint;
  readonly restMinor: bigint;
};

type Due = Pick<LoanState, 'unpaid' | 'penaltiesDueMinor'>;
type ItemPart = 'principalMinor' | 'interestMinor' | 'feesMinor';

/**
 * Allocates a payment in the product's order of parts, as far as it goes: each part of all rows, the oldest first, or
 * row by row, the oldest first, all its parts. Penalty interest belongs to no row: row by row it is paid before all of
 * them where the order begins with it, and after them otherwise.
 */
export function allocate(
  amountMinor: bigint,
  { unpaid, penaltiesDueMinor }: Due,
  { repaymentOrder, allocation: how }: Pick<ServicingPolicy, 'repaymentOrder' | 'allocation'>,
): Allocation {
  let allocation: Allocation = { paid: NO_PARTS, unpaid, penaltiesDueMinor, restMinor: amountMinor };
  if (how === 'by_part') for (const part of repaymentOrder) allocation = payPart(allocation, part);
  else allocation = payRows(allocation, repaymentOrder);
  return { ...allocation, unpaid: allocation.unpaid.filter((item) => dueOf(item) > 0n) };
}

function payRows(allocation: Allocation, order: readonly RepaymentPart[]): Allocation {
  const isPenaltyFirst = order[0] === 'penalty';
  let paying = isPenaltyFirst ? payPenalties(allocation) : allocation;
  for (const item of paying.unpaid) {
    let row: Allocation = { ...paying, paid: NO_PARTS, unpaid: [item] };
    for (const part of order) if (part !== 'penalty') row = payPart(row, part);
    const unpaid = paying.unpaid.map((one) => (one === item ? (row.unpaid[0] ?? one) : one));
    paying = { ...paying, paid: addParts(paying.paid, row.paid), unpaid, restMinor: row.restMinor };
  }
  return isPenaltyFirst ? paying : payPenalties(paying);
}

function payPart(allocation: Allocation, part: RepaymentPart): Allocation {
  switch (part) {
    case 'penalty':
      return payPenalties(allocation);
    case 'fee':
      return payItems(allocation, 'feesMinor');
    case 'interest':
      return payItems(allocation, 'interestMinor');
    case 'principal':
      return payItems(allocation, 'principalMinor');
    default:
      return unreachable(part);
  }
}

function payPenalties(allocation: Allocation): Allocation {
  const { paid, penaltiesDueMinor, restMinor } = allocation;
  const takenMinor = lesserOf(restMinor, penaltiesDueMinor);
  return {
    ...allocation,
    paid: { ...paid, penaltiesMinor: takenMinor },
    penaltiesDueMinor: penaltiesDueMinor - takenMinor,
    restMinor: restMinor - takenMinor,
  };
}

function payItems(allocation: Allocation, part: ItemPart): Allocation {
  let { restMinor } = allocation;
  const unpaid = allocation.unpaid.map((item) => {
    const takenMinor = lesserOf(restMinor, item[part]);
    restMinor -= takenMinor;
    return { ...item, [part]: item[part] - takenMinor };
  });
  const paid = { ...allocation.paid, [part]: allocation.restMinor - restMinor };
  return { ...allocation, paid, unpaid, restMinor };
}

/** The amount due of one row. */
export function dueOf({ principalMinor, interestMinor, feesMinor }: Pick<UnpaidItem, ItemPart>): bigint {
  return principalMinor + interestMinor + feesMinor;
}

export function lesserOf(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
