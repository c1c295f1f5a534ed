import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import { findPayableBeneficiaries, type PayeeOfBeneficiary } from '#features/beneficiaries/contract.ts';
import { bookError, type IsOwnIban, selectOwnIbans } from '#features/books/contract.ts';
import { CHART } from '#ledger/chart.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import { type FlorinError, notFound } from '#lib/errors.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId } from '#lib/ids.ts';
import { transactionError } from './errors.ts';
import type { CashMovement, Movement, Route, TransferMovement } from './movement.ts';
import { withSavedPayees } from './saved-payees.ts';
import type { PaymentMode } from './transaction.ts';

/** Why a movement has no second side: no such beneficiary, nobody here with that IBAN, no account in that currency. */
export type UnresolvedPayee = 'not_found' | 'unknown_payee' | 'currency_mismatch';

/** What the payees of movements come to: accounts by IBAN, and beneficiaries by payer and id. */
type Payees = {
  readonly accounts: ReadonlyMap<Iban, AccountId>;
  readonly beneficiaries: ReadonlyMap<string, PayeeOfBeneficiary>;
  readonly isOwnIban: IsOwnIban;
};

/** Where the money of each movement goes, with one query for all their IBANs and one for beneficiaries among them. */
export async function resolvePayees(
  context: Context,
  internalAccounts: InternalAccounts,
  caller: Caller,
  movements: readonly Movement[],
): Promise<(Route | UnresolvedPayee)[]> {
  const payees = await findPayees(context, caller, movements);
  const routes: (Route | UnresolvedPayee)[] = [];
  for (const movement of movements) {
    routes.push(
      movement.kind === 'transfer'
        ? await transferRoute(context, internalAccounts, movement, payees)
        : await cashRoute(context, internalAccounts, movement),
    );
  }
  return withSavedPayees(context, caller, movements, routes);
}

async function transferRoute(
  { db }: Context,
  internalAccounts: InternalAccounts,
  { fromAccountId, to, currency }: TransferMovement,
  payees: Payees,
): Promise<Route | UnresolvedPayee> {
  if ('accountId' in to) {
    const counterparty = to.name === undefined ? {} : { counterparty: { name: to.name } };
    return { sides: { debit: fromAccountId, credit: to.accountId }, ...counterparty };
  }
  const isIban = 'iban' in to;
  const named = isIban ? undefined : payees.beneficiaries.get(fromAccountId + to.beneficiaryId);
  const iban = isIban ? to.iban : named?.iban;
  if (iban === undefined) return 'not_found';
  const beneficiary =
    named === undefined
      ? {}
      : { beneficiary: { id: named.beneficiaryId, customerId: named.customerId, iban } };
  const counterparty = { name: isIban ? to.name : named?.name, account: iban };
  const payee = payees.accounts.get(iban);
  if (payee !== undefined)
    return { sides: { debit: fromAccountId, credit: payee }, counterparty, ...beneficiary };
  if (payees.isOwnIban(iban)) return 'unknown_payee';
  const clearing = await internalAccounts.find(db, CHART.outgoingPayments, currency);
  if (clearing === undefined) return 'currency_mismatch';
  return {
    sides: { debit: fromAccountId, credit: clearing },
    counterparty,
    leavesBank: true,
    ...beneficiary,
  };
}

async function cashRoute(
  { db }: Context,
  internalAccounts: InternalAccounts,
  { kind, accountId, mode, currency }: CashMovement,
): Promise<Route | UnresolvedPayee> {
  const bank = await internalAccounts.find(db, cashCode(mode), currency);
  if (bank === undefined) return 'currency_mismatch';
  const sides = kind === 'deposit' ? { debit: bank, credit: accountId } : { debit: accountId, credit: bank };
  return { sides };
}

async function findPayees(context: Context, caller: Caller, movements: readonly Movement[]): Promise<Payees> {
  const beneficiaries = await findBeneficiaries(context, caller, movements);
  const ibans = movements.flatMap((one) => (one.kind === 'transfer' && 'iban' in one.to ? one.to.iban : []));
  for (const { iban } of beneficiaries.values()) ibans.push(iban);
  const accounts = await findAccounts(context, ibans);
  const areAllHere = ibans.every((iban) => accounts.has(iban));
  return { accounts, beneficiaries, isOwnIban: areAllHere ? () => true : await selectOwnIbans(context) };
}

async function findBeneficiaries(
  context: Context,
  caller: Caller,
  movements: readonly Movement[],
): Promise<ReadonlyMap<string, PayeeOfBeneficiary>> {
  const requested = movements.flatMap((one) =>
    one.kind === 'transfer' && 'beneficiaryId' in one.to
      ? [{ accountId: one.fromAccountId, beneficiaryId: one.to.beneficiaryId }]
      : [],
  );
  if (requested.length === 0) return new Map();
  const found = await findPayableBeneficiaries(context, caller, requested);
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

/** Where the money of a payment mode is while the customer's account is booked: the till, or on its way. */
export function cashCode(mode: PaymentMode): string {
  switch (mode) {
    case 'cash':
    case 'branch':
    case 'atm':
      return CHART.cash;
    case 'cheque':
    case 'card':
    case 'online':
      return CHART.clearing;
  }
}

/** Whether a payment would leave the bank for nobody by name: no message of a payment scheme can be made of it. */
export function lacksName({ leavesBank, counterparty }: Route): boolean {
  return leavesBank === true && counterparty?.name === undefined;
}

/** The route of a movement that can be posted. Throws its refusal, and 422 `payee_name_required`. */
export function requireRoute(route: Route | UnresolvedPayee | undefined): Route {
  if (route === undefined || typeof route === 'string') throw unresolvedPayeeError(route);
  if (lacksName(route)) {
    const fields = [{ path: 'toName', message: 'is required for a payment to another bank' }];
    throw transactionError('payee_name_required', { fields });
  }
  return route;
}

/** The refusal of a movement that has no second side: 404 `not_found`, 422 `unknown_payee` or `currency_mismatch`. */
function unresolvedPayeeError(reason: UnresolvedPayee | undefined): FlorinError {
  if (reason === 'currency_mismatch') return ledgerError('currency_mismatch');
  return reason === 'not_found' ? notFound() : bookError('unknown_payee');
}
