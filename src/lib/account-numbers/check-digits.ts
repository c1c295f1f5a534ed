/** The remainder of a long number, as text of digits. */
export function remainderOf(digits: string, modulus: number): number {
  let remainder = 0;
  for (const digit of digits) remainder = (remainder * 10 + Number(digit)) % modulus;
  return remainder;
}

/** The sum of each digit with the weight at its place. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index] ?? '0'), 0);
}

/** The digit that brings a weighted sum to a multiple of ten. */
export function modulo10Digit(digits: string, weights: readonly number[]): string {
  return String((10 - (weightedSum(digits, weights) % 10)) % 10);
}

/** The digit that brings a weighted sum to a multiple of eleven; undefined where that were ten. */
export function modulo11Digit(digits: string, weights: readonly number[]): string | undefined {
  const digit = (11 - (weightedSum(digits, weights) % 11)) % 11;
  return digit === 10 ? undefined : String(digit);
}

/** ISO 7064 mod 97-10: the two digits that make the whole number leave 1. */
export function modulo97Digits(digits: string): string {
  return String(98 - remainderOf(`${digits}00`, 97)).padStart(2, '0');
}

/** ISO 7064 mod 11,10: one digit. */
export function modulo1110Digit(digits: string): string {
  let product = 10;
  for (const digit of digits) {
    const sum = (product + Number(digit)) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** Luhn (ISO/IEC 7812-1, annex B): one digit; every second digit from the right is doubled. */
export function luhnDigit(digits: string): string {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return String((10 - (sum % 10)) % 10);
}

/**
 * The key of a French account (clé RIB) over bank, branch and account: 97 less the remainder of a hundred times them.
 * Letters count as the digits of the old punched cards: A and J as 1, B, K and S as 2, …
 */
export function ribKey(characters: string): string {
  const digits = characters.replaceAll(/[A-Z]/g, (letter) => {
    const place = letter.charCodeAt(0) - 65;
    return String(place < 18 ? (place % 9) + 1 : place - 16);
  });
  return String(97 - remainderOf(`${digits}00`, 97)).padStart(2, '0');
}

/** What a character counts for at an odd place of an Italian account: in the order of the alphabet. */
const CIN_ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/** The check letter of an Italian account (CIN) over ABI, CAB and account number. */
export function cinLetter(characters: string): string {
  const sum = Array.from(characters).reduce((total, character, index) => {
    const code = character.charCodeAt(0);
    const place = code - (code < 65 ? 48 : 65);
    return total + (index % 2 === 0 ? (CIN_ODD[place] ?? 0) : place);
  }, 0);
  return String.fromCharCode(65 + (sum % 26));
}
