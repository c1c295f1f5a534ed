import { ledgerError } from '#ledger/errors.ts';
import { assert } from '#lib/assert.ts';
import { checkAll } from '#lib/check-all.ts';
import { type Address, cleanAddress, cleanEmail, cleanPhone } from '#lib/contact.ts';
import { validationFailed } from '#lib/errors.ts';
import type { CustomerId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import { cleanName, cleanText, optional } from '#lib/text.ts';
import { ageInYears, type IsoDate } from '#lib/time/dates.ts';
import { customerError } from './errors.ts';
import { cleanIdentifiers, cleanIdentifierValue, type Identifier } from './identifiers.ts';

/** Full age, at which a person may become a customer. */
const MIN_AGE_YEARS = 18;
/** Nobody has lived longer (122 years is the record): an older date is a typing error. */
const MAX_AGE_YEARS = 130;

export type Person = {
  readonly type: 'person';
  /** One of the two names may be absent, not both. */
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly dateOfBirth: IsoDate;
  readonly sex?: 'female' | 'male' | undefined;
};

export type Organisation = {
  readonly type: 'organisation';
  readonly legalName: string;
  /** Absent where no register knows the organisation: a club, an estate. */
  readonly registrationNumber?: string | undefined;
};

/** What is known of a customer beside who it is. */
export type CustomerDetails = {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly address?: Address | undefined;
  readonly nationalId?: string | undefined;
  /** Numbers beside the national id and the registration number. */
  readonly identifiers?: readonly Identifier[] | undefined;
  readonly externalId?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
};

/** The countries of the numbers that are given without one: that of the address at the time. */
export type NumberCountries = {
  readonly nationalIdCountry?: string | undefined;
  readonly registrationCountry?: string | undefined;
};

export const CUSTOMER_STATUSES = ['active', 'deceased', 'closed'] as const;
export type CustomerStatus = (typeof CUSTOMER_STATUSES)[number];

/** What may become of a customer, and what then may become of it: nothing else does, by whatever call. */
const NEXT: Readonly<Record<CustomerStatus, readonly CustomerStatus[]>> = {
  active: ['deceased', 'closed'],
  // A report may be a mistake. What is left is paid out, and then the relationship ends.
  deceased: ['active', 'closed'],
  closed: [],
};

/** A customer's whole state, as it is stored. */
export type CustomerState = CustomerDetails &
  NumberCountries & {
    readonly id: CustomerId;
    readonly identity: Person | Organisation;
    readonly status: CustomerStatus;
    /** When a person died; kept when the customer is closed. */
    readonly deceasedOn?: IsoDate | undefined;
    readonly version: number;
  };

/** New values for some details; null takes an optional one away. The type of a customer never changes. */
export type CustomerChanges = {
  readonly givenName?: string | null | undefined;
  readonly familyName?: string | null | undefined;
  readonly dateOfBirth?: IsoDate | undefined;
  readonly legalName?: string | undefined;
  readonly registrationNumber?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly address?: Address | null | undefined;
  readonly nationalId?: string | null | undefined;
  readonly identifiers?: readonly Identifier[] | undefined;
  readonly externalId?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

/** When and where: the business date, and the bank's country, whose numbers they are that come without an address. */
export type Here = { readonly today: IsoDate; readonly home: string };

/** A person or organisation that banks here. Holds every rule about one; does no I/O. */
export class Customer {
  #state: CustomerState;

  constructor(state: CustomerState) {
    this.#state = state;
  }

  /**
   * A new customer on a business date. Throws 400 `validation_failed` for a detail that is wrong: no name, an empty
   * one, a birth date in the future or of somebody under 18, a bad e-mail, phone, country …
   */
  static open(
    id: CustomerId,
    identity: Person | Organisation,
    details: CustomerDetails,
    { today, home }: Here,
  ): Customer {
    const country = details.address?.country ?? home;
    const checked = checkAll({
      age: () => (identity.type === 'person' ? checkDateOfBirth(identity.dateOfBirth, today) : undefined),
      identity: () => cleanIdentity(identity),
      details: () => cleanDetails(details),
    });
    return new Customer({
      id,
      ...cleanState(checked.identity, checked.details, {
        nationalIdCountry: country,
        registrationCountry: country,
      }),
      status: 'active',
      version: 1,
    });
  }

  get state(): CustomerState {
    return this.#state;
  }

  /** Throws 409 `customer_closed` or `customer_deceased` unless the customer may open accounts, hold them and borrow. */
  assertActive(): void {
    this.#assertNotClosed();
    if (this.#state.status === 'deceased') throw ledgerError('customer_deceased');
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: IfMatch): void {
    assertMatch(version, this.#state.version);
  }

  /**
   * Takes on new details under the rules of `open`. The age is judged only of a new date of birth: an imported
   * customer may be under age. Throws 400 `validation_failed`, 409 `customer_closed`.
   */
  change(changes: CustomerChanges, { today, home }: Here): void {
    this.#assertNotClosed();
    const before = this.#state;
    const details = {
      email: changed(before.email, changes.email),
      phone: changed(before.phone, changes.phone),
      address: changed(before.address, changes.address),
      nationalId: changed(before.nationalId, changes.nationalId),
      identifiers: changes.identifiers ?? before.identifiers,
      externalId: changed(before.externalId, changes.externalId),
      metadata: changes.metadata ?? before.metadata,
    };
    const country = details.address?.country ?? home;
    const countries = {
      nationalIdCountry: changes.nationalId === undefined ? before.nationalIdCountry : country,
      registrationCountry: changes.registrationNumber === undefined ? before.registrationCountry : country,
    };
    const checked = checkAll({
      identity: () => cleanIdentity(changedIdentity(before.identity, changes)),
      age: () => optional(changes.dateOfBirth, (date) => checkDateOfBirth(date, today)),
      details: () => cleanDetails(details),
    });
    this.#state = {
      ...before,
      ...cleanState(checked.identity, checked.details, countries),
      version: before.version + 1,
    };
  }

  /** Ends the relationship. Throws 409 `customer_closed`, or `customer_has_open_accounts` while there are any. */
  close(openAccounts: number): void {
    this.#assertNotClosed();
    if (openAccounts > 0) {
      throw customerError('customer_has_open_accounts');
    }
    this.#become('closed', this.#state.deceasedOn);
  }

  /**
   * Takes note that a person has died. Throws 409 `customer_closed`, `customer_deceased` or `customer_not_a_person`, and
   * 400 `validation_failed` for a date before the birth or after today.
   */
  reportDeath(deceasedOn: IsoDate, today: IsoDate): void {
    this.assertActive();
    const { identity } = this.#state;
    if (identity.type !== 'person') throw customerError('customer_not_a_person');
    const path = 'deceasedOn';
    if (deceasedOn > today) throw validationFailed({ path, message: 'must not be in the future' });
    if (deceasedOn < identity.dateOfBirth) {
      throw validationFailed({ path, message: 'must not be before the date of birth' });
    }
    this.#become('deceased', deceasedOn);
  }

  /** The report was a mistake. Throws 409 `customer_closed`, `customer_not_deceased`. */
  withdrawDeathReport(): void {
    this.#assertNotClosed();
    if (this.#state.status !== 'deceased') throw ledgerError('customer_not_deceased');
    this.#become('active', undefined);
  }

  #assertNotClosed(): void {
    if (this.#state.status === 'closed') throw customerError('customer_closed');
  }

  #become(status: CustomerStatus, deceasedOn: IsoDate | undefined): void {
    assert(NEXT[this.#state.status].includes(status), 'what may not become of a customer was refused before');
    this.#state = { ...this.#state, status, deceasedOn, version: this.#state.version + 1 };
  }
}

/** The value after a change: null takes it away, undefined leaves it. */
function changed<Value>(before: Value | undefined, change: Value | null | undefined): Value | undefined {
  return change === undefined ? before : (change ?? undefined);
}

function cleanIdentity(identity: Person | Organisation): Person | Organisation {
  if (identity.type === 'organisation') {
    const { legalName, registrationNumber } = identity;
    const checked = checkAll({
      legalName: () => cleanName(legalName, 'legalName', 200),
      registrationNumber: () =>
        optional(registrationNumber, (text) => cleanIdentifierValue(text, 'registrationNumber')),
    });
    return { type: 'organisation', ...checked };
  }
  const { givenName, familyName } = identity;
  if (givenName === undefined && familyName === undefined) {
    const message = 'is required, or the other of the two names';
    throw validationFailed({ path: 'givenName', message }, { path: 'familyName', message });
  }
  const checked = checkAll({
    givenName: () => optional(givenName, (text) => cleanName(text, 'givenName', 100)),
    familyName: () => optional(familyName, (text) => cleanName(text, 'familyName', 100)),
  });
  return { ...identity, ...checked };
}

function checkDateOfBirth(dateOfBirth: IsoDate, today: IsoDate): void {
  const path = 'dateOfBirth';
  if (dateOfBirth > today) throw validationFailed({ path, message: 'must not be in the future' });
  const age = ageInYears(dateOfBirth, today);
  if (age < MIN_AGE_YEARS) {
    throw validationFailed({ path, message: `must be at least ${MIN_AGE_YEARS} years ago` });
  }
  if (age > MAX_AGE_YEARS) throw validationFailed({ path, message: 'is too long ago' });
}

/** The details that can be judged by themselves. */
function cleanDetails(details: CustomerDetails): CustomerDetails {
  return checkAll({
    email: () => optional(details.email, cleanEmail),
    phone: () => optional(details.phone, cleanPhone),
    address: () => optional(details.address, cleanAddress),
    nationalId: () => optional(details.nationalId, (text) => cleanIdentifierValue(text, 'nationalId')),
    identifiers: () => cleanIdentifiers(details.identifiers ?? [], []),
    externalId: () => optional(details.externalId, (text) => cleanText(text, 'externalId', 100)),
    metadata: () => details.metadata,
  });
}

function cleanState(
  identity: Person | Organisation,
  details: CustomerDetails,
  countries: NumberCountries,
): Omit<CustomerState, 'id' | 'status' | 'deceasedOn' | 'version'> {
  const state = { identity, ...details, ...countries };
  const numbers = numbersOf({ ...state, identifiers: [] }).map(({ identifier }) => identifier);
  return { ...state, identifiers: cleanIdentifiers(details.identifiers ?? [], numbers) };
}

/** A number that is unique in the book, and the field that it was given in. */
export type CustomerNumber = {
  readonly field: 'nationalId' | 'registrationNumber' | 'identifiers';
  readonly path: string;
  readonly identifier: Identifier;
};

/** All numbers of a customer that are unique in the book. */
export function numbersOf(
  state: Pick<CustomerState, 'identity' | 'nationalId' | 'identifiers'> & NumberCountries,
): CustomerNumber[] {
  const { identity, nationalId, identifiers = [], nationalIdCountry, registrationCountry } = state;
  const registration = identity.type === 'organisation' ? identity.registrationNumber : undefined;
  const given = (field: CustomerNumber['field'], identifier: Omit<Identifier, 'value'>, value?: string) =>
    value === undefined ? [] : [{ field, path: field, identifier: { ...identifier, value } }];
  return [
    ...given('nationalId', { type: 'national_id', country: nationalIdCountry }, nationalId),
    ...given(
      'registrationNumber',
      { type: 'registration_number', country: registrationCountry },
      registration,
    ),
    ...identifiers.map((identifier, index) => ({
      field: 'identifiers' as const,
      path: `identifiers[${index}]`,
      identifier,
    })),
  ];
}

/** What the customer is called. A name alone where there is one name. */
export function displayName(identity: Person | Organisation): string {
  if (identity.type === 'organisation') return identity.legalName;
  return [identity.givenName, identity.familyName].filter((name) => name !== undefined).join(' ');
}

function changedIdentity(identity: Person | Organisation, changes: CustomerChanges): Person | Organisation {
  const { givenName, familyName, dateOfBirth, legalName, registrationNumber } = changes;
  const foreign =
    identity.type === 'person' ? { legalName, registrationNumber } : { givenName, familyName, dateOfBirth };
  for (const [path, value] of Object.entries(foreign)) {
    if (value !== undefined)
      throw validationFailed({ path, message: `does not belong to a ${identity.type}` });
  }
  if (identity.type === 'organisation') {
    return {
      ...identity,
      legalName: legalName ?? identity.legalName,
      registrationNumber: changed(identity.registrationNumber, registrationNumber),
    };
  }
  return {
    ...identity,
    givenName: changed(identity.givenName, givenName),
    familyName: changed(identity.familyName, familyName),
    dateOfBirth: dateOfBirth ?? identity.dateOfBirth,
  };
}
