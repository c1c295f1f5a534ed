import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What the sequence of entries owes to those who read by it. */
export const SEQUENCE_LAWS: readonly Law[] = [
  {
    name: 'no entry has a number that was not given yet',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('sequence', last, 'lastGiven', given) as row
      from (
        select coalesce(max(sequence), 0) as last,
          (select coalesce(max(last_sequence), 0) from audit_sealing where book_id = ${bookId}) as given
        from sequenced_entries where book_id = ${bookId}
      ) as numbers
      where last > given`,
  },
  {
    name: 'every entry that has a number is there',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', s.entry_id, 'sequence', s.sequence) as row
      from sequenced_entries s
      left join journal_entries e on e.book_id = s.book_id and e.entry_id = s.entry_id
      where s.book_id = ${bookId} and e.entry_id is null
      order by s.sequence limit 1`,
  },
  {
    name: 'every entry that is sealed and gone through has a number',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', listed.id, 'blockNumber', b.block_number) as row
      from audit_sealing g
      join audit_blocks b on b.book_id = g.book_id and b.block_number <= g.sequenced_blocks
      cross join unnest(b.entry_ids) as listed (id)
      left join sequenced_entries s on s.book_id = b.book_id and s.entry_id = listed.id
      where g.book_id = ${bookId} and s.entry_id is null
      order by b.block_number, listed.id limit 1`,
  },
];
