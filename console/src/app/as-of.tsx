import { useMatches, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useAnswer } from '../api/use-bank.ts';
import { DateText } from '../show/show.tsx';
import { useText } from '../text/language.tsx';

declare module '@tanstack/react-router' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface StaticDataRouteOption {
    /** Of a screen that shows the end of an earlier date, where one is asked for. Others show what is now. */
    readonly asOf?: 'shown';
  }
}

/** The date whose end is shown, as it stands in the address; undefined for now. While there is one, nothing is changed. */
export function useAsOf(): string | undefined {
  return useSearch({ strict: false, select: ({ asOf }) => asOf });
}

/** Goes to a date, or back to now; the screen stays. */
function useGoTo(): (asOf: string | undefined) => void {
  const navigate = useNavigate();
  return (asOf) => void navigate({ to: '.', search: (old) => ({ ...old, asOf }), replace: true });
}

/** The one place where the date is chosen for the whole console. */
export function AsOfSwitch(): ReactNode {
  const text = useText();
  const asOf = useAsOf();
  const goTo = useGoTo();
  const input = useRef<HTMLInputElement>(null);
  const { data: today } = useAnswer('businessDate.get');
  useEffect(() => {
    if (input.current !== null && input.current.value !== (asOf ?? '')) input.current.value = asOf ?? '';
  }, [asOf]);
  return (
    <label className="as-of">
      {text.asOf.label}{' '}
      <input
        ref={input}
        type="date"
        // A year that is being typed passes through 2, 20 and 202.
        min="1900-01-01"
        max={today?.businessDate}
        defaultValue={asOf}
        onChange={({ target }) => {
          if (target.value !== '' && target.validity.valid) goTo(target.value);
        }}
        onBlur={({ target }) => {
          if (target.value === '' && target.validity.valid && asOf !== undefined) goTo(undefined);
        }}
      />
    </label>
  );
}

/** What the date means for the screen in hand. */
export function AsOfNotice(): ReactNode {
  const text = useText();
  const asOf = useAsOf();
  const goTo = useGoTo();
  const isShown = useMatches({ select: (matches) => matches.at(-1)?.staticData.asOf === 'shown' });
  if (asOf === undefined) return null;
  return (
    <div className="notice stale no-print" role="status">
      <p>
        {isShown ? text.asOf.shown : text.asOf.notShown} <DateText date={asOf} />
        {'. '}
        {text.asOf.readOnly}
      </p>
      <button type="button" onClick={() => goTo(undefined)}>
        {text.asOf.now}
      </button>
    </div>
  );
}
