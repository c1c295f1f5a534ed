import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Params } from './bank.ts';
import { filtersOf, paramsOf, type ResourceSearch, readSearch } from './search.ts';

export type Address = {
  readonly name: string;
  readonly params: readonly string[];
  readonly search: ResourceSearch;
  readonly filters: Params;
  /** Changes what the address says after the question mark; an undefined value takes a part away. */
  readonly change: (parts: Readonly<Record<string, string | undefined>>) => void;
};

/** Where a resource is looked at: all that was chosen is in the address, so that Back and a colleague find it again. */
export function useAddress(): Address {
  const { name = '', _splat } = useParams({ strict: false });
  const search = readSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  return {
    name,
    params: paramsOf(_splat),
    search,
    filters: filtersOf(search),
    change: (parts) =>
      void navigate({
        to: '.',
        search: (old: object) =>
          Object.fromEntries(
            Object.entries({ ...readSearch({ ...old }), ...parts }).filter(
              ([, value]) => value !== undefined,
            ),
          ),
        replace: true,
      }),
  };
}
