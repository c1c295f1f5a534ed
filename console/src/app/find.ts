import type { SearchHitType } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import { looksLikeIban } from '../show/iban.ts';
import { inGroups } from '../show/show.tsx';

/** Where what was found is shown. What has no screen is not asked for. */
const SCREENS = {
  customer: '/customers/$id',
  account: '/accounts/$id',
  transaction: '/transactions/$id',
  loan: '/loans/$id',
} as const satisfies Partial<Record<SearchHitType, string>>;

type Kind = keyof typeof SCREENS;

export type Hit = {
  readonly id: string;
  readonly type: Kind;
  readonly to: (typeof SCREENS)[Kind];
  readonly title: string;
  readonly detail: string;
};

export type Found = { readonly hits: readonly Hit[]; readonly isIbanWrong: boolean };

const MOST_HITS = 10;

/** What the bank finds for whatever somebody has in hand. */
export async function find(typed: string, signal: AbortSignal): Promise<Found> {
  const query = { q: typed, types: Object.keys(SCREENS).join(',') };
  const { data, hint } = await bank.search.get(query, { signal });
  const hits = data.flatMap(({ id, type, title, subtitle }): Hit[] => {
    if (!isKind(type)) return [];
    return [
      {
        id,
        type,
        to: SCREENS[type],
        title: looksLikeIban(title) ? inGroups(title) : title,
        detail: subtitle,
      },
    ];
  });
  return { hits: hits.slice(0, MOST_HITS), isIbanWrong: hint !== null };
}

function isKind(type: SearchHitType): type is Kind {
  return type in SCREENS;
}
