declare const decimalBrand: unique symbol;

/**
 * An amount in major units as decimal text: `1250.00`. Money is never a number here: 0.1 + 0.2 is not 0.3. Answers have
 * them; `decimal` makes one of a text.
 */
export type Decimal = string & { readonly [decimalBrand]: true };

const FORM = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/** The text as an amount. Throws a TypeError for anything else: a number, an exponent, separators. */
export function decimal(text: string): Decimal {
  if (typeof text !== 'string' || !FORM.test(text)) {
    throw new TypeError(`${JSON.stringify(text)} is not an amount: write "1250.00"`);
  }
  return text as Decimal;
}

/** The exact sum, with as many decimals as the amount that has the most. */
export function sum(...amounts: readonly Decimal[]): Decimal {
  const scale = scaleOf(amounts);
  const units = amounts.map((amount) => unitsAt(amount, scale));
  return atScale(
    units.reduce((total, one) => total + one, 0n),
    scale,
  );
}

/** The amount with the other sign. */
export function negated(amount: Decimal): Decimal {
  return atScale(-unitsAt(amount, scaleOf([amount])), scaleOf([amount]));
}

/** Below zero, zero, or above it: as a sort wants it. `1.5` and `1.50` are equal. */
export function compare(one: Decimal, other: Decimal): number {
  const difference = sum(one, negated(other));
  return difference.startsWith('-') ? -1 : /[1-9]/.test(difference) ? 1 : 0;
}

function scaleOf(amounts: readonly Decimal[]): number {
  return Math.max(0, ...amounts.map((amount) => FORM.exec(amount)?.[3]?.length ?? 0));
}

function unitsAt(amount: Decimal, scale: number): bigint {
  const [, sign = '', whole = '0', fraction = ''] = FORM.exec(decimal(amount)) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`);
}

function atScale(units: bigint, scale: number): Decimal {
  if (scale === 0) return units.toString() as Decimal;
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}` as Decimal;
}
