/** A value of an answer or a form as text: what is not one is shown as it is sent. */
export function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
