const BIC = /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/;

/** Whether a text is a BIC (ISO 9362) of 8 or 11 characters in capitals. */
export function isBic(text: string): boolean {
  return BIC.test(text);
}
