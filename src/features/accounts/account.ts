import { ledgerError } from '#ledger/errors.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanReasons, type Reasons } from '#lib/reasons.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { accountError } from './errors.ts';

export const ACCOUNT_STATUSES = ['active', 'dormant', 'frozen', 'closed'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** What a freeze stops: money out, as a court orders it, or money in as well. */
export const FREEZES = ['debits', 'all'] as const;
export type Freeze = (typeof FREEZES)[number];
export type HolderRole = 'owner' | 'joint' | 'authorised';
export type Holder = {
  readonly customerId: CustomerId;
  readonly role: HolderRole;
  readonly deceasedOn?: IsoDate | undefined;
};

/** What an account has, in minor units. */
export type AvailableFunds = {
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly overdraftLimitMinor: bigint;
};

/** What the ledger says of an account. */
export type AccountFunds = AvailableFunds & {
  readonly status: AccountStatus;
  /** Of a frozen account. */
  readonly frozen: Freeze | undefined;
  /** Whether nobody who is alive owns it. */
  readonly isEstate: boolean;
  /** What payments leave on it, by the terms of its product. Minor units. */
  readonly minimumMinor: bigint;
};

/** An account's whole state: its own row, its holders, and its ledger account's status and funds. */
export type AccountState = {
  readonly id: AccountId;
  /** The owner the account was opened for. */
  readonly customerId: CustomerId;
  readonly product: string;
  readonly currency: Currency;
  /** The account number in the country's form, without that of the bank. */
  readonly number: string;
  /** Undefined in a country without IBANs. */
  readonly iban: Iban | undefined;
  readonly funds: AccountFunds;
  /** For staff alone. */
  readonly statusReason: string | undefined;
  /** For the holders. */
  readonly customerReason: string | undefined;
  readonly holders: readonly Holder[];
  readonly openedOn: IsoDate;
  readonly closedOn: IsoDate | undefined;
  /** When it was last made active again after it was dormant. */
  readonly reactivatedOn: IsoDate | undefined;
  /** When notice was given that it is to be closed. */
  readonly closingNoticeOn: IsoDate | undefined;
  readonly externalId: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly version: number;
};

export type AccountChanges = {
  readonly overdraftLimitMinor?: bigint | undefined;
  readonly externalId?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

/** What may be spent now: the balance less what is held, and the overdraft. Minor units. */
export function availableMinor(funds: AvailableFunds): bigint {
  return funds.postedMinor - funds.heldMinor + funds.overdraftLimitMinor;
}

/** How far it is below zero beyond its overdraft limit, in minor units: nobody arranged that. */
export function unarrangedMinor(funds: AccountFunds): bigint {
  const available = availableMinor(funds);
  return available < 0n ? -available : 0n;
}

/** An account at the bank. Holds every rule about one but those of the ledger; does no I/O. */
export class Account {
  #state: AccountState;

  constructor(state: AccountState) {
    this.#state = state;
  }

  get state(): AccountState {
    return this.#state;
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: IfMatch): void {
    assertMatch(version, this.#state.version);
  }

  /**
   * Throws 409 `account_closed`, 400 `validation_failed`, and 422 `overdraft_in_use` for a limit below what is
   * drawn already.
   */
  change(changes: AccountChanges): void {
    this.#assertNotClosed();
    const { externalId } = changes;
    const overdraftLimitMinor = changes.overdraftLimitMinor ?? this.#state.funds.overdraftLimitMinor;
    const funds = { ...this.#state.funds, overdraftLimitMinor };
    // A limit may be raised towards what is drawn without one.
    if (availableMinor(funds) < 0n && overdraftLimitMinor < this.#state.funds.overdraftLimitMinor) {
      throw accountError('overdraft_in_use');
    }
    this.#update({
      funds,
      externalId: externalId === undefined ? this.#state.externalId : clean(externalId, 'externalId', 100),
      metadata: changes.metadata ?? this.#state.metadata,
    });
  }

  /**
   * No money moves out, or in or out, until it is unfrozen. Throws 409 `account_closed`, and `account_frozen` for one
   * that is frozen in the same way.
   */
  freeze(reasons: Reasons, frozen: Freeze = 'all'): void {
    this.#assertNotClosed();
    if (this.#state.funds.frozen === frozen) throw ledgerError('account_frozen');
    this.#setStatus('frozen', reasons, frozen);
  }

  /** Throws 409 `account_closed`, `account_not_frozen`. */
  unfreeze(reasons: Reasons): void {
    this.#assertNotClosed();
    if (this.#state.funds.status !== 'frozen') {
      throw accountError('account_not_frozen');
    }
    this.#setStatus('active', reasons);
  }

  /** Makes a dormant account active again. Throws 409 `account_closed`, `account_not_dormant`. */
  reactivate(reasons: Reasons, today: IsoDate): void {
    this.#assertNotClosed();
    if (this.#state.funds.status !== 'dormant') throw accountError('account_not_dormant');
    this.#setStatus('active', reasons);
    this.#update({ reactivatedOn: today }, this.#state.version);
  }

  /** Notes that it is to be closed; the first notice counts. Throws 409 `account_closed`, `closing_notice_given`. */
  giveClosingNotice(today: IsoDate): void {
    this.#assertNotClosed();
    const { closingNoticeOn: on } = this.#state;
    if (on !== undefined) throw accountError('closing_notice_given', { on });
    this.#update({ closingNoticeOn: today });
  }

  /** Its balance was paid out in the same transaction, down to this one. Minor units. */
  notePaidOut(postedMinor: bigint): void {
    this.#update({ funds: { ...this.#state.funds, postedMinor } }, this.#state.version);
  }

  /** Throws 409 `account_closed`, `account_frozen`. */
  assertMayClose(): void {
    this.#assertNotClosed();
    if (this.#state.funds.status === 'frozen') throw ledgerError('account_frozen');
  }

  /** Permanently. Throws 409 `account_closed`, `account_frozen`, and `account_not_empty` with a balance or hold. */
  close(reasons: Reasons, today: IsoDate): void {
    this.assertMayClose();
    const { postedMinor, heldMinor } = this.#state.funds;
    if (postedMinor !== 0n || heldMinor !== 0n) {
      throw accountError('account_not_empty', { what: 'balance or a hold' });
    }
    this.#setStatus('closed', reasons);
    this.#update({ closedOn: today }, this.#state.version);
  }

  /** Throws 409 `account_closed`, `customer_deceased`, `holder_exists`. */
  addHolder(holder: Holder): void {
    this.#assertNotClosed();
    this.#assertAlive();
    if (this.#state.holders.some(({ customerId }) => customerId === holder.customerId)) {
      throw accountError('holder_exists');
    }
    this.#update({ holders: [...this.#state.holders, holder] });
  }

  /** Throws 409 `account_closed`, 422 `owner_stays` for the owner it was opened for; false if no such holder. */
  removeHolder(customerId: CustomerId): boolean {
    this.#assertNotClosed();
    const holders = this.#state.holders.filter((holder) => holder.customerId !== customerId);
    if (holders.length === this.#state.holders.length) return false;
    if (customerId === this.#state.customerId) {
      throw accountError('owner_stays');
    }
    this.#update({ holders });
    return true;
  }

  /**
   * Makes another holder the owner that the account is of, and takes the owner until now off it. Throws 409
   * `account_closed`, and `customer_deceased` for an estate, which nobody comes to own by being named; false where the
   * customer does not hold the account beside the owner.
   */
  changeOwner(customerId: CustomerId): boolean {
    this.#assertNotClosed();
    this.#assertAlive();
    const before = this.#state.customerId;
    if (customerId === before || !this.#state.holders.some((holder) => holder.customerId === customerId)) {
      return false;
    }
    const holders = this.#state.holders
      .filter((holder) => holder.customerId !== before)
      .map((holder): Holder => (holder.customerId === customerId ? { customerId, role: 'owner' } : holder));
    this.#update({ customerId, holders });
    return true;
  }

  #assertNotClosed(): void {
    if (this.#state.funds.status === 'closed') throw ledgerError('account_closed');
  }

  #assertAlive(): void {
    if (this.#state.funds.isEstate) throw ledgerError('customer_deceased');
  }

  #setStatus(status: AccountStatus, reasons: Reasons, frozen?: Freeze): void {
    const { reason, customerReason } = cleanReasons(reasons);
    const funds = { ...this.#state.funds, status, frozen };
    this.#update({ funds, statusReason: reason, customerReason });
  }

  #update(change: Partial<AccountState>, version: number = this.#state.version + 1): void {
    this.#state = { ...this.#state, ...change, version };
  }
}

/** The state of a new account, active and empty. Throws 400 `validation_failed`. Overdraft in minor units. */
export function newAccount(
  values: Pick<
    AccountState,
    'id' | 'customerId' | 'product' | 'currency' | 'number' | 'iban' | 'openedOn'
  > & {
    readonly overdraftLimitMinor: bigint;
    readonly externalId?: string | undefined;
    readonly metadata?: Readonly<Record<string, string>> | undefined;
    readonly holders?: readonly Holder[];
    readonly minimumMinor?: bigint;
  },
): Account {
  const { overdraftLimitMinor, externalId, metadata, holders, minimumMinor = 0n, ...rest } = values;
  if (overdraftLimitMinor < 0n) {
    throw validationFailed({ path: 'overdraftLimit', message: 'must not be below zero' });
  }
  return new Account({
    ...rest,
    funds: {
      status: 'active',
      frozen: undefined,
      isEstate: false,
      postedMinor: 0n,
      heldMinor: 0n,
      overdraftLimitMinor,
      minimumMinor,
    },
    statusReason: undefined,
    customerReason: undefined,
    holders: [{ customerId: values.customerId, role: 'owner' }, ...(holders ?? [])],
    closedOn: undefined,
    reactivatedOn: undefined,
    closingNoticeOn: undefined,
    externalId: clean(externalId ?? null, 'externalId', 100),
    metadata: metadata ?? {},
    version: 1,
  });
}

function clean(text: string | null, path: string, maxLength: number): string | undefined {
  return text === null ? undefined : cleanText(text, path, maxLength);
}
