import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { newId } from '#lib/ids.ts';
import { recordUserAct } from './login-audit.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { hasAnyUser, insertUser } from './repository.ts';
import { User } from './user.ts';

/** The actor for what a bank does by itself at its start. */
const START = { actor: 'start', role: 'operator' } as const;

/**
 * Creates the first administrator of a book that has no user yet, and returns whether it did. Locks the book's row, so
 * that only one of several starting processes does. Throws 400 `validation_failed`.
 */
export async function ensureFirstAdmin(
  context: Context,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<boolean> {
  const { db, bookId, ids } = context;
  if (await hasAnyUser(db, bookId)) return false;
  const user = User.create(newId(ids, 'user'), { email, name: 'Administrator', role: 'admin' });
  checkPassword(password, { email: user.state.email, hasTotp: false });
  const passwordHash = await hashPassword(password, context.passwordCost);
  return inTransaction(db, async (tx) => {
    await tx.selectFrom('books').select('book_id').where('book_id', '=', bookId).forNoKeyUpdate().execute();
    if (await hasAnyUser(tx, bookId)) return false;
    await insertUser(tx, bookId, user, { passwordHash });
    const { id, email: login, name, role } = user.state;
    const after = { email: login, name, role };
    await recordUserAct(tx, context, { caller: START, operation: 'createUser', userId: id, after });
    return true;
  });
}
