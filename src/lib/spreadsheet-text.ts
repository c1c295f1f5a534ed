/**
 * A text that must not become a formula in a spreadsheet (OWASP, CSV injection). csv-stringify's own escape_formulas
 * would do this to negative amounts too.
 */
export function spreadsheetText(text: string | null): string | null {
  return text !== null && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
