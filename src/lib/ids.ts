import { randomUUID } from 'node:crypto';
import { notFound } from './errors.ts';
import { systemClock } from './time/clock.ts';
import { decodeSuffix, encodeSuffix } from './type-id.ts';
import { isUnjudged } from './unjudged.ts';

declare const idBrand: unique symbol;
/** A UUIDv7 in text form, branded by the kind of thing it names. Outside it is a TypeID (`acc_…`). */
export type Id<Name extends string> = string & { readonly [idBrand]: Name };

export type CustomerId = Id<'customer'>;
/** An account and its ledger account share one id. */
export type AccountId = Id<'account'>;
/** A transaction and its journal entry share one id. */
export type TransactionId = Id<'transaction'>;
/** The same entry as the bank's accountants see it. */
export type JournalEntryId = Id<'journalEntry'>;

/** A customer who is asked to hold an account. */
export type InvitationId = Id<'invitation'>;
export type BeneficiaryId = Id<'beneficiary'>;
export type HoldId = Id<'hold'>;
/** Money that is kept by the order of a court or an authority. */
export type AttachmentId = Id<'attachment'>;
/** Captures that were settled with the acquirer together. */
export type CaptureSettlementId = Id<'captureSettlement'>;
/** A payment from another bank. */
export type IncomingPaymentId = Id<'incomingPayment'>;
/** Payments that were claimed together, to be sent in one file or message. */
export type SubmissionId = Id<'submission'>;
/** A statement of an account, as it was sent. */
export type StatementId = Id<'statement'>;
/** A fee of an account: charged, due, waived or not charged. */
export type FeeId = Id<'fee'>;
export type BatchId = Id<'batch'>;
export type StandingOrderId = Id<'standingOrder'>;
/** A deposit for a term has the id of the account that holds its money: the same UUID. */
export type DepositId = Id<'deposit'>;
export type LoanProductId = Id<'loanProduct'>;
/** A loan to a customer, or an application for one. */
export type LoanId = Id<'loan'>;
export type UserId = Id<'user'>;
/** One login of a user, until it is revoked or expires: a family of refresh tokens. */
export type SessionId = Id<'session'>;
export type ApiKeyId = Id<'apiKey'>;
/** Cash, clearing, income: an account of the bank itself. */
export type InternalAccountId = Id<'internal'>;
export type LedgerAccountId = AccountId | InternalAccountId;

/** TypeID prefixes, fixed by the API. */
const PREFIXES = {
  customer: 'cus',
  account: 'acc',
  transaction: 'txn',
  journalEntry: 'je',
  invitation: 'inv',
  beneficiary: 'ben',
  hold: 'hold',
  attachment: 'att',
  captureSettlement: 'cst',
  incomingPayment: 'inp',
  submission: 'sub',
  statement: 'stm',
  fee: 'fee',
  batch: 'bat',
  standingOrder: 'so',
  deposit: 'dep',
  loanProduct: 'lnp',
  loan: 'loan',
  user: 'usr',
  session: 'ses',
  apiKey: 'key',
} as const;
export type IdName = keyof typeof PREFIXES;

/** Where new ids come from; the demo has its own, so that its ids are the same everywhere. */
export type IdSource = { next(): string };

/** The ids that one millisecond can hold; with more, the ids run ahead of the clock by a millisecond. */
const IDS_PER_MS = 4096;
/** Where the variant and random tail begin in a UUID in text form. */
const TAIL_START = 19;

/**
 * UUIDv7 (RFC 9562) with a counter in its twelve free bits (6.2, method 1): each id of one process sorts after
 * the one before, also within a millisecond, so that lists ordered by id are in the order of events.
 */
class AscendingIds implements IdSource {
  #lastMs = 0;
  #count = 0;

  next(): string {
    const nowMs = systemClock.nowMs();
    this.#count += 1;
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      this.#count = 0;
    } else if (this.#count === IDS_PER_MS) {
      this.#lastMs += 1;
      this.#count = 0;
    }
    const time = this.#lastMs.toString(16).padStart(12, '0');
    const count = this.#count.toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${randomUUID().slice(TAIL_START)}`;
  }
}

/** Ids from the machine's clock and random source. */
export const randomIds: IdSource = new AscendingIds();

/** A new id of the named kind. */
export function newId<Name extends IdName>(ids: IdSource, _name: Name): Id<Name> {
  return ids.next() as Id<Name>;
}

/** A journal entry under the id that accountants know it by: the same UUID. */
export function toJournalEntryId(id: TransactionId): JournalEntryId {
  return id as string as JournalEntryId;
}

/** The id of a journal entry in the ledger. */
export function fromJournalEntryId(id: JournalEntryId): TransactionId {
  return id as string as TransactionId;
}

/** A deposit under the id that the API knows it by. */
export function toDepositId(id: AccountId): DepositId {
  return id as string as DepositId;
}

/** The account that holds the money of a deposit. */
export function fromDepositId(id: DepositId): AccountId {
  return id as string as AccountId;
}

/** The TypeID of an id: `acc_01h455vb4pex5vsknk084sn02q`. */
export function toTypeId<Name extends IdName>(name: Name, id: Id<Name>): string {
  return `${PREFIXES[name]}_${encodeSuffix(id)}`;
}

/** The id behind a TypeID. Throws 404 `not_found` for any other text: no such id exists. */
export function fromTypeId<Name extends IdName>(name: Name, text: string): Id<Name> {
  if (isUnjudged(text)) return text;
  const id = parseTypeId(name, text);
  if (id === undefined) throw notFound();
  return id;
}

/** The id behind a TypeID, or undefined for any other text. */
export function parseTypeId<Name extends IdName>(name: Name, text: string): Id<Name> | undefined {
  const prefix = PREFIXES[name];
  if (!text.startsWith(`${prefix}_`)) return undefined;
  return decodeSuffix(text.slice(prefix.length + 1)) as Id<Name> | undefined;
}

/** The prefix of a TypeID of this kind: `acc`. */
export function typeIdPrefix(name: IdName): string {
  return PREFIXES[name];
}

/** The pattern of a TypeID of this kind, for the OpenAPI document. */
export function typeIdPattern(name: IdName): string {
  return `^${PREFIXES[name]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`;
}
