import type { ReactNode } from 'react';
import type { AccountLine } from '#sdk/index.ts';
import { useText } from '../text/language.tsx';

/** Who and what, as the holder knows it. */
export function MyLine({ line }: { readonly line: AccountLine }): ReactNode {
  const text = useText();
  const who = line.counterparty?.name ?? line.payerName ?? text.types[line.type];
  const what = [line.description, line.reference].filter((part) => part !== null).join(' · ');
  return (
    <span>
      <strong>{who}</strong>
      {what !== '' && ` ${what}`}
      {line.status === 'reversed' && <em> {text.account.reversed}</em>}
    </span>
  );
}
