import {
  atRate,
  type DepositTerms,
  depositAtMaturity,
  type Flow,
  formatParts,
  instalmentDate,
} from '#features/interest/contract.ts';
import { validationFailed } from '#lib/errors.ts';
import type { BusinessCalendar } from '#lib/time/business-calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type Agreed, type Asked, agree, maturityOf } from './agree.ts';
import { type Closure, closureOf } from './closure.ts';

/** What a deposit would be, and come to. Minor units. */
export type DepositQuote = Asked &
  Agreed & {
    /** What is paid in, if no instalment is missed. */
    readonly principalMinor: bigint;
    /** Of a recurring deposit, all of them, if each is paid when it falls due. */
    readonly instalments: readonly Flow[];
    readonly postings: ReturnType<typeof depositAtMaturity>['postings'];
    readonly interestMinor: bigint;
    /** Before it is rounded, in major units. */
    readonly exactInterest: string;
    readonly taxMinor: bigint;
    /** What is paid out at the maturity: what was paid out before is not in it. */
    readonly payoutMinor: bigint;
    /** Where it is closed on a day before. */
    readonly closure: (Closure & { readonly closedOn: IsoDate; readonly paidMinor: bigint }) | undefined;
  };

/** Counts a deposit on terms, and its closing before the maturity if a day is given. Throws as agree and closureOf do. */
export function quoteDeposit(
  terms: DepositTerms,
  asked: Asked,
  calendar: BusinessCalendar,
  closedOn: IsoDate | undefined,
): DepositQuote {
  const agreed = agree(terms, asked, maturityOf(terms, asked, calendar));
  const { openedOn, currency } = asked;
  const flows = flowsOf(asked, agreed);
  const principalMinor = paidIn(flows);
  if (closedOn !== undefined && (closedOn < openedOn || closedOn >= agreed.maturesOn)) {
    throw validationFailed({
      path: 'closedOn',
      message: `must be from ${openedOn} until before ${agreed.maturesOn}`,
    });
  }
  const deposit = {
    principalMinor,
    flows,
    openedOn,
    maturesOn: agreed.maturesOn,
    terms: atRate(terms.interest, agreed.ratePpm),
  };
  const { postings, interestMinor, taxMinor, payoutMinor, run } = depositAtMaturity(deposit);
  const parts = run.segments.reduce((sum, segment) => sum + segment.parts, 0n);
  return {
    ...asked,
    ...agreed,
    principalMinor,
    instalments: agreed.plan === undefined ? [] : flows,
    postings,
    interestMinor,
    exactInterest: formatParts(parts, currency),
    taxMinor,
    payoutMinor,
    closure: closedOn === undefined ? undefined : closing(terms, asked, agreed, postings, closedOn),
  };
}

function closing(
  terms: DepositTerms,
  asked: Asked,
  agreed: Agreed,
  postings: DepositQuote['postings'],
  closedOn: IsoDate,
): DepositQuote['closure'] {
  const flows = flowsOf(asked, agreed).filter(({ on }) => on === asked.openedOn || on < closedOn);
  const principalMinor = paidIn(flows);
  const before = postings.filter(({ on }) => on < closedOn);
  const tax = before.flatMap((posting) => posting.tax);
  const posted = {
    creditMinor: before.reduce((sum, { creditMinor }) => sum + creditMinor, 0n),
    tax: sumByName(tax),
  };
  const closure = closureOf(
    { ...asked, ...agreed, principalMinor, flows },
    terms,
    { posted, isExempt: false },
    closedOn,
  );
  const stayedMinor = agreed.paysInterestOut ? 0n : before.reduce((sum, { netMinor }) => sum + netMinor, 0n);
  const paidMinor = principalMinor + stayedMinor + closure.settled.creditMinor - closure.settledTaxMinor;
  return { ...closure, closedOn, paidMinor };
}

/** What is paid in, and when, if nothing is missed. */
function flowsOf({ amountMinor, openedOn }: Asked, { plan }: Agreed): Flow[] {
  if (plan === undefined) return [{ on: openedOn, amountMinor }];
  const { frequency, count } = plan;
  return Array.from({ length: count }, (_, index) => ({
    on: instalmentDate({ openedOn, frequency }, index + 1),
    amountMinor,
  }));
}

function paidIn(flows: readonly Flow[]): bigint {
  return flows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function sumByName(parts: readonly { readonly name: string; readonly amountMinor: bigint }[]) {
  return [...Map.groupBy(parts, ({ name }) => name)].map(([name, all]) => {
    return { name, amountMinor: all.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) };
  });
}
