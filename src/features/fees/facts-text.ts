import type { FeeFacts } from './fee.ts';

/** Facts as they are stored and shown: amounts in minor units as text. */
export type FactsText = {
  readonly [Name in keyof FeeFacts]: FeeFacts[Name] extends bigint | undefined ? string : FeeFacts[Name];
};

const AMOUNTS = ['amountMinor', 'lowestBalanceMinor', 'averageBalanceMinor', 'salaryMinor'] as const;

export function factsText(facts: FeeFacts): string {
  return JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** Stored facts as they were judged by. */
export function factsOf(text: FactsText): FeeFacts {
  const { paymentType, earlierThisMonth, ageYears, monthOfAccount } = text;
  const amounts = Object.fromEntries(
    AMOUNTS.flatMap((name) => (text[name] === undefined ? [] : [[name, BigInt(text[name])]])),
  );
  return {
    ...amounts,
    ...(paymentType === undefined ? {} : { paymentType }),
    ...(earlierThisMonth === undefined ? {} : { earlierThisMonth }),
    ...(ageYears === undefined ? {} : { ageYears }),
    ...(monthOfAccount === undefined ? {} : { monthOfAccount }),
  };
}
