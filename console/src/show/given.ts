/** What was typed, without what was left empty: the bank says what it needs. */
export function given<Name extends string>(
  typed: Readonly<Record<Name, string>>,
): { [One in Name]?: string } {
  const entries = Object.entries<string>(typed).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== '')) as { [One in Name]?: string };
}
