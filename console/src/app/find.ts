import type { SearchHitType } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { looksLikeIban } from '../show/iban.ts';
import { inGroups } from '../show/show.tsx';

/** Where what was found is shown: on a screen made by hand, or as a record of a resource. */
const SCREENS = {
  customer: { to: '/customers/$id' },
  account: { to: '/accounts/$id' },
  transaction: { to: '/transactions/$id' },
  loan: { to: '/loans/$id' },
  hold: { resource: 'holds' },
  standing_order: { resource: 'standing-orders' },
  incoming_payment: { resource: 'incoming-payments' },
  user: { resource: 'users' },
} as const satisfies Record<SearchHitType, { readonly to: string } | { readonly resource: string }>;

export type Hit = {
  readonly id: string;
  readonly screen: (typeof SCREENS)[SearchHitType];
  readonly title: string;
  readonly detail: string;
};

export type Found = { readonly hits: readonly Hit[]; readonly isIbanWrong: boolean };

const MOST_HITS = 10;

/** What the bank finds for whatever somebody has in hand. */
export async function find(typed: string, signal: AbortSignal): Promise<Found> {
  const { data, hint } = await bank.search.get({ q: typed }, { signal });
  const hits = data.flatMap(({ id, type, title, subtitle }): Hit[] => {
    const screen = SCREENS[type];
    // A later server may find more than this page knows of.
    if (screen === undefined) return [];
    return [{ id, screen, title: looksLikeIban(title) ? inGroups(title) : title, detail: subtitle }];
  });
  return { hits: hits.slice(0, MOST_HITS), isIbanWrong: hint !== null };
}
