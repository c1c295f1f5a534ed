import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { MAX_MINOR, MIN_MINOR } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  type EntryDraft,
  type EntryKind,
  type LedgerSide,
  ledgerAccountId,
  type PostedSide,
  type Posting,
  type PostingDraft,
  type RefusalCode,
} from './entry.ts';
import { shortfallMinor } from './shortfall.ts';

/** A customer ledger account as the evaluator sees it. Amounts in minor units, credits minus debits. */
export type AccountState = {
  readonly id: AccountId;
  readonly currency: Currency;
  /** With its debits frozen, it still takes money, and so while it is dormant. So does an estate: nobody who is alive owns the money on it. */
  readonly status: 'active' | 'estate' | 'dormant' | 'debits_frozen' | 'frozen' | 'closed';
  /** Whether nothing moves it but acts of its contract, and its terms. */
  readonly isContract: boolean;
  readonly balanceMinor: bigint;
  readonly heldMinor: bigint;
  /** The lowest available balance: minus the overdraft limit. */
  readonly floorMinor: bigint;
  /** How far it is below its floor: zero but after a reversal that might overdraw it, interest, or a charge. */
  readonly unarrangedMinor: bigint;
  /** The balance that payments leave on it, and the least that is first paid in. */
  readonly minimumMinor: bigint;
  readonly openingDepositMinor: bigint;
  readonly seq: bigint;
  readonly lastBusinessDate: IsoDate | undefined;
};

export type AccountStates = ReadonlyMap<AccountId, AccountState>;

export type Evaluation =
  | { readonly accepted: true; readonly postings: readonly Posting[]; readonly changed: AccountStates }
  | { readonly accepted: false; readonly code: RefusalCode };

/**
 * Judges one entry against the accounts as they are: pure, so the same states and the same entry always give the same
 * answer. The postings are taken in order, each on the state that the one before left; an entry is accepted whole or
 * refused whole. Money that it releases is available to its own postings. An account below its floor gives nothing but
 * what was held for it, what a reversal takes that may overdraw it, and what its terms charge: interest and its tax
 * without a bound, other charges as far as they are tolerated. That reversal takes from a frozen one, too.
 *
 * Precedence of refusals, for each posting: not_found, same_account, account_closed, account_frozen, account_dormant,
 * account_under_contract, customer_deceased, customer_not_deceased, currency_mismatch, business_date_closed, insufficient_funds,
 * below_minimum_balance, below_opening_deposit, balance_overflow.
 */
export function evaluateEntry(accounts: AccountStates, draft: EntryDraft, businessDate: IsoDate): Evaluation {
  assert(draft.postings.length > 0, 'an entry has at least one posting');
  assert(
    draft.mayOverdraw !== true || draft.kind === 'reversal',
    'nothing but a reversal takes an account below its floor',
  );
  const changed = releaseHeld(accounts, draft);
  const read = (id: AccountId): AccountState | undefined => changed.get(id) ?? accounts.get(id);
  const postings: Posting[] = [];
  for (const posting of draft.postings) {
    const code = judge(posting, draft, { now: read, atFirst: (id) => accounts.get(id) }, businessDate);
    if (code !== undefined) return { accepted: false, code };
    const debitAfter = apply(posting.debit, -posting.amountMinor, read, changed, businessDate);
    const creditAfter = apply(posting.credit, posting.amountMinor, read, changed, businessDate);
    postings.push({ ...posting, debitAfter, creditAfter });
  }
  return { accepted: true, postings, changed };
}

/** The accounts after the entry's own release. */
function releaseHeld(
  accounts: AccountStates,
  { releases, postings }: EntryDraft,
): Map<AccountId, AccountState> {
  const changed = new Map<AccountId, AccountState>();
  if (releases === undefined) return changed;
  const { accountId, amountMinor } = releases;
  assert(
    postings.some(({ debit, credit }) => debit === accountId || credit === accountId),
    'an entry releases what is held on an account that it touches',
  );
  const state = accounts.get(accountId);
  if (state === undefined) return changed;
  assert(amountMinor >= 0n && amountMinor <= state.heldMinor, 'no more is released than is held');
  changed.set(accountId, { ...state, heldMinor: state.heldMinor - amountMinor });
  return changed;
}

type ReadAccount = (id: AccountId) => AccountState | undefined;

/** The accounts as the postings before left them, and as they were before the entry. */
type Reads = { readonly now: ReadAccount; readonly atFirst: ReadAccount };

function judge(
  posting: PostingDraft,
  draft: EntryDraft,
  { now, atFirst }: Reads,
  businessDate: IsoDate,
): RefusalCode | undefined {
  assert(posting.amountMinor > 0n, 'a posting has a positive amount');
  const debit = stateOf(posting.debit, now);
  const credit = stateOf(posting.credit, now);
  if (debit === undefined || credit === undefined) return 'not_found';
  if (ledgerAccountId(posting.debit) === ledgerAccountId(posting.credit)) return 'same_account';
  return (
    judgeStatus(debit, credit, draft) ??
    judgeContract(debit, credit, draft) ??
    judgeEstate(debit, draft) ??
    judgeCurrency(posting, debit, credit) ??
    judgeDate(debit, credit, businessDate) ??
    judgeFloor(posting, debit, draft, atFirst) ??
    judgeTerms(posting, debit, credit, draft) ??
    judgeBounds(posting.amountMinor, debit, credit)
  );
}

/** The bank's own accounts are always open, have no floor and keep no balance. */
type SideState = AccountState | 'internal';

function stateOf(side: LedgerSide, read: ReadAccount): SideState | undefined {
  return typeof side === 'string' ? read(side) : 'internal';
}

function judgeStatus(debit: SideState, credit: SideState, draft: EntryDraft): RefusalCode | undefined {
  const { isByTerms = false, mayOverdraw = false } = draft;
  const [from, to] = [statusOf(debit), statusOf(credit)];
  if (from === 'closed' || to === 'closed') return 'account_closed';
  if (isByTerms) return undefined;
  const isHeldFast = (from === 'frozen' || from === 'debits_frozen') && !mayOverdraw;
  if (isHeldFast || to === 'frozen') return 'account_frozen';
  return from === 'dormant' && isPayment(draft) ? 'account_dormant' : undefined;
}

/** What a contract holds is moved by its acts, and by what its terms earn and cost. */
function judgeContract(
  debit: SideState,
  credit: SideState,
  { isOfContract = false, isByTerms = false }: EntryDraft,
): RefusalCode | undefined {
  if (isOfContract || isByTerms) return undefined;
  return [debit, credit].some((side) => side !== 'internal' && side.isContract)
    ? 'account_under_contract'
    : undefined;
}

/** Only what is for the estate leaves an account whose owners have died, and nothing else is paid in its name. */
function judgeEstate(
  debit: SideState,
  { isFromEstate = false, isByTerms = false }: EntryDraft,
): RefusalCode | undefined {
  if (debit === 'internal' || isByTerms) return undefined;
  if (isFromEstate) return debit.status === 'estate' ? undefined : 'customer_not_deceased';
  return debit.status === 'estate' ? 'customer_deceased' : undefined;
}

function statusOf(side: SideState): AccountState['status'] {
  return side === 'internal' ? 'active' : side.status;
}

function judgeCurrency(posting: PostingDraft, debit: SideState, credit: SideState): RefusalCode | undefined {
  const debitCurrency = currencyOf(posting.debit, debit);
  const creditCurrency = currencyOf(posting.credit, credit);
  const same = debitCurrency === posting.currency && creditCurrency === posting.currency;
  return same ? undefined : 'currency_mismatch';
}

function currencyOf(side: LedgerSide, state: SideState): Currency | undefined {
  if (typeof side !== 'string') return side.currency;
  return state === 'internal' ? undefined : state.currency;
}

function judgeDate(debit: SideState, credit: SideState, businessDate: IsoDate): RefusalCode | undefined {
  for (const side of [debit, credit]) {
    if (side === 'internal' || side.lastBusinessDate === undefined) continue;
    if (businessDate < side.lastBusinessDate) return 'business_date_closed';
  }
  return undefined;
}

/** Below its floor an account may stay where it is: what was held for the entry is taken, and no more but a charge. */
function judgeFloor(
  { amountMinor, toleratedMinor = 0n }: PostingDraft,
  debit: SideState,
  { mayOverdraw = false, isByTerms = false }: EntryDraft,
  atFirst: ReadAccount,
): RefusalCode | undefined {
  if (debit === 'internal' || mayOverdraw || isByTerms) return undefined;
  const afterMinor = shortfallMinor({ ...debit, balanceMinor: debit.balanceMinor - amountMinor });
  if (afterMinor <= toleratedMinor) return undefined;
  const first = atFirst(debit.id);
  return first === undefined || afterMinor > shortfallMinor(first) ? 'insufficient_funds' : undefined;
}

/** What a customer initiates. What was held before, charges, loans and reversals are another's claim. */
const PAYMENTS: ReadonlySet<EntryKind> = new Set(['withdrawal', 'transfer', 'outgoing_payment']);
const FIRST_DEPOSITS: ReadonlySet<EntryKind> = new Set(['deposit', 'transfer']);

function isPayment({ kind, releases, isClosing = false, isFromEstate = false }: EntryDraft): boolean {
  return PAYMENTS.has(kind) && releases === undefined && !isClosing && !isFromEstate;
}

/** What the terms of a product ask for: a balance that stays, and a first deposit. A payment from another bank is taken. */
function judgeTerms(
  { amountMinor, toleratedMinor }: PostingDraft,
  debit: SideState,
  credit: SideState,
  draft: EntryDraft,
): RefusalCode | undefined {
  if (debit !== 'internal' && debit.minimumMinor > 0n && toleratedMinor === undefined && isPayment(draft)) {
    const leftMinor = debit.balanceMinor - debit.heldMinor - amountMinor;
    if (leftMinor < debit.minimumMinor) return 'below_minimum_balance';
  }
  if (credit === 'internal' || credit.seq > 0n || !FIRST_DEPOSITS.has(draft.kind)) return undefined;
  return amountMinor < credit.openingDepositMinor ? 'below_opening_deposit' : undefined;
}

function judgeBounds(amountMinor: bigint, debit: SideState, credit: SideState): RefusalCode | undefined {
  const isTooLow = debit !== 'internal' && debit.balanceMinor - amountMinor < MIN_MINOR;
  const isTooHigh = credit !== 'internal' && credit.balanceMinor + amountMinor > MAX_MINOR;
  return isTooLow || isTooHigh ? 'balance_overflow' : undefined;
}

function apply(
  side: LedgerSide,
  signedMinor: bigint,
  read: ReadAccount,
  changed: Map<AccountId, AccountState>,
  businessDate: IsoDate,
): PostedSide | undefined {
  if (typeof side !== 'string') return undefined;
  const state = read(side);
  assert(state !== undefined, 'an account was judged before it is changed');
  const balanceMinor = state.balanceMinor + signedMinor;
  const seq = state.seq + 1n;
  const { heldMinor, floorMinor } = state;
  const unarrangedMinor = shortfallMinor({ balanceMinor, heldMinor, floorMinor });
  changed.set(side, { ...state, balanceMinor, seq, unarrangedMinor, lastBusinessDate: businessDate });
  return { seq, balanceMinor };
}
