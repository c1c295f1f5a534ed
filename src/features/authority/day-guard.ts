import type { AnyTx } from '#db/session.ts';
import type { EntryDraft, Guard } from '#ledger/entry.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import type { TransactionId } from '#lib/ids.ts';
import type { MoneyGate } from './money-gate.ts';
import { selectUses, type Use } from './repository.ts';

/** An entry on its way into the books, and on whose behalf. */
export type GatedEntry = { readonly id: TransactionId; readonly caller: Caller };

/**
 * Holds entries to what is left of their callers' day, of those whose word has a limit. Judges by what has committed:
 * where two transactions of one caller are under way at once, MoneyGate.countNoted refuses the second. A reversal gives
 * back.
 */
export async function openDayGuard(
  tx: AnyTx,
  { bookId, gate }: { readonly bookId: number; readonly gate: MoneyGate },
  entries: readonly GatedEntry[],
  inner: Guard | undefined,
): Promise<Guard | undefined> {
  const actors = new Map(
    entries.flatMap(({ id, caller }) => (caller.role === 'teller' ? [[id, caller.actor] as const] : [])),
  );
  if (actors.size === 0) return inner;
  const [limits, uses] = await Promise.all([
    gate.limitsOf(tx),
    selectUses(tx, bookId, [...new Set(actors.values())]),
  ]);
  const notes = gate.notesOf(tx);
  const used = new Map(uses.map((use) => [use.actor + use.currency, use.usedMinor]));
  return (draft) => {
    const actor = actors.get(draft.entryId);
    if (actor === undefined) return inner?.(draft);
    const use = useOf(draft, actor);
    const { currency, usedMinor } = use;
    const before = used.get(actor + currency) ?? 0n;
    const refusal =
      usedMinor > 0n ? limits.judgeDay({ amountMinor: usedMinor, currency }, before) : undefined;
    const error = refusal ?? inner?.(draft);
    if (error !== undefined) return error;
    used.set(actor + currency, before + usedMinor);
    notes.push(use);
    return undefined;
  };
}

/** What an entry uses of its caller's day: its amount, or less than nothing where it takes one back. */
function useOf({ kind, postings }: EntryDraft, actor: string): Use {
  const [posting] = postings;
  assert(posting !== undefined, 'an entry has at least one posting');
  const { amountMinor, currency } = posting;
  return { actor, currency, usedMinor: kind === 'reversal' ? -amountMinor : amountMinor };
}
