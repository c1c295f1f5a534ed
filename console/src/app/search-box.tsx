import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { fill, useText } from '../text/language.tsx';
import { type Found, find, type Hit } from './find.ts';

/** Fewer letters are nobody's name, and would find half the bank. */
const FEWEST_LETTERS = 2;

/** One box for all that can be found. Ctrl+K and `/` go to it; arrows choose and Enter opens. */
export function SearchBox(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const { found, isAsking } = useFound(typed);
  useKeysTo(input);

  const hits = found?.hits ?? [];
  const open = (hit: Hit): void => {
    setTyped('');
    setOpen(false);
    input.current?.blur();
    const { id: found, screen } = hit;
    void ('to' in screen
      ? navigate({ to: screen.to, params: { id: found } })
      : navigate({ to: '/resources/$name/$', params: { name: screen.resource, _splat: found } }));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hit = hits[chosen];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + hits.length) % hits.length);
    } else if (event.key === 'Enter' && hit !== undefined && !isAsking) open(hit);
    else if (event.key === 'Escape') setOpen(false);
  };
  const isListed = isOpen && typed.trim().length >= FEWEST_LETTERS;
  return (
    <search className="search">
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={text.search}
        aria-expanded={isListed}
        aria-controls={`${id}-hits`}
        aria-activedescendant={isListed && hits.length > 0 ? `${id}-${chosen}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder={`${text.searchHint} (Ctrl+K)`}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <Hits id={id} hits={hits} chosen={chosen} isListed={isListed} onOpen={open} />
      <p role="status" className={isListed && hits.length === 0 ? 'hits' : 'unseen'}>
        {isListed ? outcome(found, isAsking, typed, text) : ''}
      </p>
    </search>
  );
}

type HitsProps = {
  readonly id: string;
  readonly hits: readonly Hit[];
  readonly chosen: number;
  readonly isListed: boolean;
  readonly onOpen: (hit: Hit) => void;
};

function Hits({ id, hits, chosen, isListed, onOpen }: HitsProps): ReactNode {
  const text = useText();
  return (
    <div id={`${id}-hits`} role="listbox" aria-label={text.search} className="hits" hidden={!isListed}>
      {hits.map((hit, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box, which keeps the focus.
        <div
          key={hit.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onOpen(hit)}
        >
          <strong>{hit.title}</strong> <span>{hit.detail}</span>
        </div>
      ))}
    </div>
  );
}

function outcome(
  found: Found | undefined,
  isAsking: boolean,
  typed: string,
  text: ReturnType<typeof useText>,
): string {
  if (isAsking || found === undefined) return text.list.loading;
  if (found.isIbanWrong) return text.searchBadIban;
  return found.hits.length === 0 ? fill(text.searchNothing, { query: typed.trim() }) : '';
}

function useFound(typed: string): { found: Found | undefined; isAsking: boolean } {
  const wanted = useDeferredValue(typed.trim());
  const { data, isFetching, error } = useQuery({
    queryKey: ['search', wanted],
    queryFn: ({ signal }) => find(wanted, signal),
    enabled: wanted.length >= FEWEST_LETTERS,
    staleTime: 10_000,
    retry: false,
  });
  const nothing: Found = { hits: [], isIbanWrong: false };
  return { found: error === null ? data : nothing, isAsking: isFetching || wanted !== typed.trim() };
}

function useKeysTo(input: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const go = (event: globalThis.KeyboardEvent): void => {
      const isTyping = (event.target as Element | null)?.matches('input, textarea, select') ?? false;
      const isCalled =
        (event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !isTyping);
      if (!isCalled) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener('keydown', go);
    return () => removeEventListener('keydown', go);
  }, [input]);
}
