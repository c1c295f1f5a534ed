import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { PayeeOfBeneficiary } from '#features/beneficiaries/contract.ts';
import { findPayableBeneficiaries } from '#features/beneficiaries/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId } from '#lib/ids.ts';
import { cashCode } from './cash-code.ts';
import type { CashMovement, Movement, Route, TransferMovement } from './movement.ts';

/** Why a movement has no second side: no such beneficiary, nobody here with that IBAN, no account in that currency. */
export type NoSides = 'not_found' | 'unknown_payee' | 'currency_mismatch';

/** What the payees of movements come to: accounts by IBAN, and beneficiaries by payer and id. */
type Payees = {
  readonly accounts: ReadonlyMap<Iban, AccountId>;
  readonly beneficiaries: ReadonlyMap<string, PayeeOfBeneficiary>;
};

/** Where the money of each movement goes, with one query for all their IBANs and one for beneficiaries among them. */
export async function findSides(
  context: Context,
  internalAccounts: InternalAccounts,
  caller: Caller,
  movements: readonly Movement[],
): Promise<(Route | NoSides)[]> {
  const payees = await findPayees(context, caller, movements);
  const routes: (Route | NoSides)[] = [];
  for (const movement of movements) {
    routes.push(
      movement.kind === 'transfer'
        ? transferRoute(movement, payees)
        : await cashRoute(context, internalAccounts, movement),
    );
  }
  return routes;
}

function transferRoute({ fromAccountId, to }: TransferMovement, payees: Payees): Route | NoSides {
  if ('accountId' in to) return { sides: { debit: fromAccountId, credit: to.accountId } };
  const isIban = 'iban' in to;
  const beneficiary = isIban ? undefined : payees.beneficiaries.get(fromAccountId + to.beneficiaryId);
  const iban = isIban ? to.iban : beneficiary?.iban;
  if (iban === undefined) return 'not_found';
  const credit = payees.accounts.get(iban);
  if (credit === undefined) return 'unknown_payee';
  const sides = { debit: fromAccountId, credit };
  if (beneficiary === undefined) return { sides };
  const { beneficiaryId: id, customerId } = beneficiary;
  return { sides, beneficiary: { id, customerId, iban } };
}

async function cashRoute(
  { db }: Context,
  internalAccounts: InternalAccounts,
  { kind, accountId, mode, currency }: CashMovement,
): Promise<Route | NoSides> {
  const bank = await internalAccounts.find(db, cashCode(mode), currency);
  if (bank === undefined) return 'currency_mismatch';
  const sides = kind === 'deposit' ? { debit: bank, credit: accountId } : { debit: accountId, credit: bank };
  return { sides };
}

async function findPayees(context: Context, caller: Caller, movements: readonly Movement[]): Promise<Payees> {
  const beneficiaries = await findBeneficiaries(context, caller, movements);
  const ibans = movements.flatMap((one) => (one.kind === 'transfer' && 'iban' in one.to ? one.to.iban : []));
  for (const { iban } of beneficiaries.values()) ibans.push(iban);
  return { accounts: await findAccounts(context, ibans), beneficiaries };
}

async function findBeneficiaries(
  context: Context,
  caller: Caller,
  movements: readonly Movement[],
): Promise<ReadonlyMap<string, PayeeOfBeneficiary>> {
  const wishes = movements.flatMap((one) =>
    one.kind === 'transfer' && 'beneficiaryId' in one.to
      ? [{ accountId: one.fromAccountId, beneficiaryId: one.to.beneficiaryId }]
      : [],
  );
  if (wishes.length === 0) return new Map();
  const found = await findPayableBeneficiaries(context, caller, wishes);
  return new Map(found.map((one) => [one.accountId + one.beneficiaryId, one]));
}

async function findAccounts(
  { db, bookId }: Context,
  ibans: readonly Iban[],
): Promise<ReadonlyMap<Iban, AccountId>> {
  if (ibans.length === 0) return new Map();
  const { rows } = await sql<{ iban: Iban; accountId: AccountId }>`
    select iban, account_id as "accountId" from accounts
    where book_id = ${bookId} and iban = any(${ibans}::text[])`.execute(db);
  return new Map(rows.map(({ iban, accountId }) => [iban, accountId]));
}
