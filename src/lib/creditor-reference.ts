/** A structured creditor reference: RF, two check digits, and up to 21 letters and digits (ISO 11649). */
const FORM = /^RF\d{2}[A-Z0-9]{1,21}$/;

/** The reference in electronic form if the text is one whose check digits are right (modulo 97), else undefined. */
export function parseCreditorReference(text: string): string | undefined {
  const reference = text.replaceAll(' ', '').toUpperCase();
  if (!FORM.test(reference)) return undefined;
  const moved = reference.slice(4) + reference.slice(0, 4);
  const digits = moved.replace(/[A-Z]/g, (letter) => String(Number.parseInt(letter, 36)));
  return BigInt(digits) % 97n === 1n ? reference : undefined;
}
