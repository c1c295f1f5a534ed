import type { Params } from './bank.ts';

/** What the address of a resource says: filters by their names, and what begins with `_` of the screen itself. */
export type ResourceSearch = Readonly<Record<string, string>>;

/** The act that is open, the value that names its row, and where the list begins. */
const OWN = ['_act', '_row', '_cursor'] as const;

/** Reads an address: the router makes numbers and booleans of texts that look like them. */
export function readSearch(search: Readonly<Record<string, unknown>>): ResourceSearch {
  return Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? [[name, String(value)]] : [],
    ),
  );
}

/** The filters of an address. */
export function filtersOf(search: ResourceSearch): Params {
  return Object.fromEntries(Object.entries(search).filter(([name]) => !OWN.some((own) => own === name)));
}

/** The parameters of a path, in order. */
export function paramsOf(splat: string | undefined): readonly string[] {
  return (splat ?? '')
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
}

/** Of a screen made by hand: the act below it that is open. */
export type MoreSearch = { _act?: string };

export function readMore({ _act }: Readonly<Record<string, unknown>>): MoreSearch {
  return typeof _act === 'string' ? { _act } : {};
}
