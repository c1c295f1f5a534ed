import { unreachable } from '#lib/assert.ts';
import type { RepaymentPart } from './products/product-conditions.ts';
import { type LoanParts, type LoanState, NO_PARTS, type UnpaidItem } from './state.ts';

/** The amounts that a payment covered, the amounts still due, and the rest of the payment. Minor units. */
export type Allocation = {
  readonly paid: LoanParts;
  readonly unpaid: readonly UnpaidItem[];
  readonly penaltiesDueMinor: bigint;
  readonly restMinor: bigint;
};

type Due = Pick<LoanState, 'unpaid' | 'penaltiesDueMinor'>;
type ItemPart = 'principalMinor' | 'interestMinor' | 'feesMinor';

/** Allocates a payment part by part in the product's order, the oldest row first, as far as it goes. */
export function allocate(
  amountMinor: bigint,
  { unpaid, penaltiesDueMinor }: Due,
  order: readonly RepaymentPart[],
): Allocation {
  let allocation: Allocation = { paid: NO_PARTS, unpaid, penaltiesDueMinor, restMinor: amountMinor };
  for (const part of order) allocation = payPart(allocation, part);
  return { ...allocation, unpaid: allocation.unpaid.filter((item) => dueOf(item) > 0n) };
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
