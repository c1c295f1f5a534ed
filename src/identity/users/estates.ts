import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import { recordAudits } from '#features/audit/contract.ts';
import { customerDeath, type Estates } from '#features/customers/contract.ts';
import { toTypeId, type UserId } from '#lib/ids.ts';
import { revokeSessions } from './session-repository.ts';

/**
 * Ends the access of a customer's users when the customer dies, and gives it back to those users when the report is
 * withdrawn. Locks the users, by ascending id.
 */
export function userEstates(context: Context): Estates {
  const { bookId } = context;
  const death = customerDeath(sql`u`);
  return {
    follow: async (tx, caller, customerId) => {
      const { rows } = await sql<{ id: UserId; status: 'active' | 'disabled' }>`
        with changed as materialized (
          select u.user_id, ${death} is not null as ends from users u
          where u.book_id = ${bookId} and u.customer_id = ${customerId}
            and case when ${death} is null then u.disabled_for = 'customer_deceased'
              else u.status = 'active' end
          order by u.user_id for no key update of u)
        update users u set status = case when ends then 'disabled' else 'active' end,
          disabled_for = case when ends then 'customer_deceased' end,
          version = u.version + 1, updated_at = now()
        from changed
        where u.book_id = ${bookId} and u.user_id = changed.user_id
        returning u.user_id as id, u.status`.execute(tx);
      const ids = rows.map(({ id }) => id);
      await noteChanged(tx, bookId, 'users', ids);
      for (const { id, status } of rows) if (status === 'disabled') await revokeSessions(tx, bookId, id);
      const records = rows.map(({ id, status }) => ({
        caller,
        operation: status === 'disabled' ? 'disableUser' : 'enableUser',
        resourceType: 'user' as const,
        resourceId: toTypeId('user', id),
        after: { status },
      }));
      await recordAudits(tx, context, records);
    },
  };
}
