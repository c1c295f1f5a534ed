import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId } from '#lib/ids.ts';
import { cashCode } from './cash-code.ts';
import type { CashMovement, Movement, Sides, TransferMovement } from './movement.ts';

/** Why a movement has no second side: nobody here has that IBAN, or no account is in that currency. */
export type NoSides = 'unknown_payee' | 'currency_mismatch';

/** The ledger sides of each movement, with one query for all their IBANs. */
export async function findSides(
  context: Context,
  internalAccounts: InternalAccounts,
  movements: readonly Movement[],
): Promise<(Sides | NoSides)[]> {
  const payees = await findPayees(context, movements);
  const sides: (Sides | NoSides)[] = [];
  for (const movement of movements) {
    sides.push(
      movement.kind === 'transfer'
        ? transferSides(movement, payees)
        : await cashSides(context, internalAccounts, movement),
    );
  }
  return sides;
}

function transferSides(
  { fromAccountId, to }: TransferMovement,
  payees: ReadonlyMap<Iban, AccountId>,
): Sides | NoSides {
  const payee = 'iban' in to ? payees.get(to.iban) : to.accountId;
  return payee === undefined ? 'unknown_payee' : { debit: fromAccountId, credit: payee };
}

async function cashSides(
  { db }: Context,
  internalAccounts: InternalAccounts,
  { kind, accountId, mode, currency }: CashMovement,
): Promise<Sides | NoSides> {
  const bank = await internalAccounts.find(db, cashCode(mode), currency);
  if (bank === undefined) return 'currency_mismatch';
  return kind === 'deposit' ? { debit: bank, credit: accountId } : { debit: accountId, credit: bank };
}

async function findPayees(
  { db, bookId }: Context,
  movements: readonly Movement[],
): Promise<ReadonlyMap<Iban, AccountId>> {
  const ibans = movements.flatMap((one) => (one.kind === 'transfer' && 'iban' in one.to ? one.to.iban : []));
  if (ibans.length === 0) return new Map();
  const { rows } = await sql<{ iban: Iban; accountId: AccountId }>`
    select iban, account_id as "accountId" from accounts
    where book_id = ${bookId} and iban = any(${ibans}::text[])`.execute(db);
  return new Map(rows.map(({ iban, accountId }) => [iban, accountId]));
}
