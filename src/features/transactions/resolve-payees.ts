import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import { findPayableBeneficiaries, type PayeeOfBeneficiary } from '#features/beneficiaries/contract.ts';
import { bookError, type IsOwnAccount, selectOwnAccounts } from '#features/books/contract.ts';
import { CHART } from '#ledger/chart.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import { type FlorinError, notFound } from '#lib/errors.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId } from '#lib/ids.ts';
import { type PayeeAccount, payeeKey } from '#lib/payee-account.ts';
import { transactionError } from './errors.ts';
import type { CashMovement, Movement, Payee, Route, TransferMovement } from './movement.ts';
import { withSavedPayees } from './saved-payees.ts';
import type { BeneficiaryRef, Counterparty, PaymentMode } from './transaction.ts';

/** Why a movement has no second side: no such beneficiary, nobody here with that number, no account in that currency. */
export type UnresolvedPayee = 'not_found' | 'unknown_payee' | 'currency_mismatch';

/** What the payees of movements come to: accounts by key, and beneficiaries by payer and id. */
type Payees = {
  readonly accounts: ReadonlyMap<string, AccountId>;
  readonly beneficiaries: ReadonlyMap<string, PayeeOfBeneficiary>;
  readonly isOwn: IsOwnAccount;
};

/** Where the money of each movement goes, with one query for all their IBANs, and one for each other kind of payee among them. */
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
  const named =
    'beneficiaryId' in to ? payees.beneficiaries.get(fromAccountId + to.beneficiaryId) : undefined;
  const account = 'beneficiaryId' in to ? named?.account : to;
  if (account === undefined) return 'not_found';
  const beneficiary = named === undefined ? {} : { beneficiary: beneficiaryOf(named) };
  const counterparty = counterpartyOf(account, 'beneficiaryId' in to ? named?.name : to.name);
  const payee = payees.accounts.get(payeeKey(account));
  if (payee !== undefined)
    return { sides: { debit: fromAccountId, credit: payee }, counterparty, ...beneficiary };
  if (payees.isOwn(account)) return 'unknown_payee';
  const clearing = await internalAccounts.find(db, CHART.outgoingPayments, currency);
  if (clearing === undefined) return 'currency_mismatch';
  return {
    sides: { debit: fromAccountId, credit: clearing },
    counterparty,
    leavesBank: true,
    ...('iban' in account ? {} : { bankCodeScheme: account.scheme }),
    ...beneficiary,
  };
}

function beneficiaryOf({ beneficiaryId: id, customerId, account }: PayeeOfBeneficiary): BeneficiaryRef {
  return { id, customerId, payee: payeeKey(account) };
}

function counterpartyOf(account: PayeeAccount, name: string | undefined): Counterparty {
  if ('iban' in account) return { name, account: account.iban };
  return { name, bank: account.bank, account: account.accountNumber };
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
  const named = movements.flatMap((one) => (one.kind === 'transfer' ? numberedPayee(one.to) : []));
  for (const { account } of beneficiaries.values()) named.push(account);
  const accounts = await findAccounts(context, named);
  if (named.every((one) => accounts.has(payeeKey(one)))) {
    return { accounts, beneficiaries, isOwn: () => true };
  }
  const isOwn = await selectOwnAccounts(context);
  const numbered = await findNumbered(context, named.filter(isOwn));
  return { accounts: new Map([...accounts, ...numbered]), beneficiaries, isOwn };
}

function numberedPayee(to: Payee): PayeeAccount[] {
  return 'accountId' in to || 'beneficiaryId' in to ? [] : [to];
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

/** The accounts of this bank among payees with IBANs. */
async function findAccounts(
  { db, bookId }: Context,
  payees: readonly PayeeAccount[],
): Promise<ReadonlyMap<string, AccountId>> {
  const ibans = payees.flatMap((payee) => ('iban' in payee ? [payee.iban] : []));
  if (ibans.length === 0) return new Map();
  const { rows } = await sql<{ iban: Iban; accountId: AccountId }>`
    select iban, account_id as "accountId" from accounts
    where book_id = ${bookId} and iban = any(${ibans}::text[])`.execute(db);
  return new Map(rows.map(({ iban, accountId }) => [iban, accountId]));
}

/** The accounts that payees with this bank's code stand for, by their numbers. */
async function findNumbered(
  { db, bookId }: Context,
  payees: readonly PayeeAccount[],
): Promise<[string, AccountId][]> {
  const numbered = payees.flatMap((payee) => ('iban' in payee ? [] : [payee]));
  if (numbered.length === 0) return [];
  const numbers = numbered.map(({ accountNumber }) => accountNumber);
  const { rows } = await sql<{ number: string; accountId: AccountId }>`
    select number, account_id as "accountId" from accounts
    where book_id = ${bookId} and number = any(${numbers}::text[])`.execute(db);
  const ids = new Map(rows.map(({ number, accountId }) => [number, accountId]));
  return numbered.flatMap((payee): [string, AccountId][] => {
    const id = ids.get(payee.accountNumber);
    return id === undefined ? [] : [[payeeKey(payee), id]];
  });
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
