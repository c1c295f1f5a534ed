import { createHash } from 'node:crypto';
import type { IsoDate } from '#lib/time/dates.ts';
import type { StatementDocument } from '../document.ts';

/** The first and the last business date that a statement speaks of. */
export type StatedPeriod = { readonly from: IsoDate; readonly to: IsoDate };

/** The period of a statement: where none was asked for, from its first line until now. */
export async function statedPeriod({ head, through, pages }: StatementDocument): Promise<StatedPeriod> {
  const from = head.from ?? (await firstDate(pages)) ?? through;
  return { from: from as IsoDate, to: from > through ? (from as IsoDate) : through };
}

async function firstDate(pages: StatementDocument['pages']): Promise<string | undefined> {
  for await (const [first] of pages()) return first?.businessDate;
  return undefined;
}

/**
 * What a message is known by: 26 characters A–Z and 0–9. A numbered statement has its own id, whenever it is asked for;
 * any other is a new message each time.
 */
export function messageId({ head }: StatementDocument, format: string, { from, to }: StatedPeriod): string {
  if (head.id !== null) return head.id.slice(head.id.indexOf('_') + 1).toUpperCase();
  const text = [format, head.accountId, from, to, head.madeAt].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 26).toUpperCase();
}
