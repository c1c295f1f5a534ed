/** What a payment was for (k_symbol). No symbol: not known. */
export const PURPOSES: ReadonlyMap<string, string | null> = new Map([
  ['', null],
  ['SIPO', 'household'],
  ['DUCHOD', 'pension'],
  ['POJISTNE', 'insurance'],
  ['UVER', 'loan'],
  ['LEASING', 'leasing'],
]);
