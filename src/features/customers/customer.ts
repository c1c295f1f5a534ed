import { type Address, cleanAddress, cleanEmail, cleanPhone } from '#lib/contact.ts';
import { validationFailed, versionConflict } from '#lib/errors.ts';
import type { CustomerId } from '#lib/ids.ts';
import { cleanName, cleanText, optional } from '#lib/text.ts';
import { ageInYears, type IsoDate } from '#lib/time/dates.ts';
import { customerError } from './errors.ts';

/** Full age, at which a person may become a customer. */
const MIN_AGE_YEARS = 18;
/** Nobody has lived longer (122 years is the record): an older date is a typing error. */
const MAX_AGE_YEARS = 130;

export type Person = {
  readonly type: 'person';
  readonly givenName: string;
  readonly familyName: string;
  readonly dateOfBirth: IsoDate;
  readonly sex?: 'female' | 'male' | undefined;
};

export type Organisation = {
  readonly type: 'organisation';
  readonly legalName: string;
  readonly registrationNumber: string;
};

/** What is known of a customer beside who it is. Imported customers may lack contact details. */
export type CustomerDetails = {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly address?: Address | undefined;
  readonly nationalId?: string | undefined;
  readonly externalId?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
};

export type CustomerStatus = 'active' | 'closed';

/** A customer's whole state, as it is stored. */
export type CustomerState = CustomerDetails & {
  readonly id: CustomerId;
  readonly identity: Person | Organisation;
  readonly status: CustomerStatus;
  readonly version: number;
};

/** New values for some details; null takes an optional one away. The type of a customer never changes. */
export type CustomerChanges = {
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly dateOfBirth?: IsoDate | undefined;
  readonly legalName?: string | undefined;
  readonly registrationNumber?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly address?: Address | undefined;
  readonly nationalId?: string | null | undefined;
  readonly externalId?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

/** A person or organisation that banks here. Holds every rule about one; does no I/O. */
export class Customer {
  #state: CustomerState;

  constructor(state: CustomerState) {
    this.#state = state;
  }

  /**
   * A new customer on a business date. Throws 400 `validation_failed` for a detail that is wrong: an empty
   * name, a birth date in the future or of somebody under 18, a bad e-mail, phone, country …
   */
  static open(
    id: CustomerId,
    identity: Person | Organisation,
    details: CustomerDetails,
    today: IsoDate,
  ): Customer {
    if (identity.type === 'person') checkDateOfBirth(identity.dateOfBirth, today);
    return new Customer({
      id,
      identity: cleanIdentity(identity),
      ...cleanDetails(details),
      status: 'active',
      version: 1,
    });
  }

  get state(): CustomerState {
    return this.#state;
  }

  /** Throws 409 `customer_closed` unless the customer may open accounts and hold them. */
  assertActive(): void {
    if (this.#state.status === 'closed') throw customerError('customer_closed');
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: number | '*'): void {
    if (version !== '*' && version !== this.#state.version) throw versionConflict();
  }

  /**
   * Takes on new details under the rules of `open`. The age is judged only of a new date of birth: an imported
   * customer may be under age. Throws 400 `validation_failed`, 409 `customer_closed`.
   */
  change(changes: CustomerChanges, today: IsoDate): void {
    this.assertActive();
    const { nationalId, externalId, dateOfBirth } = changes;
    const identity = cleanIdentity(changedIdentity(this.#state.identity, changes));
    if (dateOfBirth !== undefined) checkDateOfBirth(dateOfBirth, today);
    this.#state = {
      ...this.#state,
      identity,
      ...cleanDetails({
        email: changes.email ?? this.#state.email,
        phone: changes.phone ?? this.#state.phone,
        address: changes.address ?? this.#state.address,
        nationalId: nationalId === undefined ? this.#state.nationalId : (nationalId ?? undefined),
        externalId: externalId === undefined ? this.#state.externalId : (externalId ?? undefined),
        metadata: changes.metadata ?? this.#state.metadata,
      }),
      version: this.#state.version + 1,
    };
  }

  /** Ends the relationship. Throws 409 `customer_closed`, or `customer_has_open_accounts` while there are any. */
  close(openAccounts: number): void {
    this.assertActive();
    if (openAccounts > 0) {
      throw customerError('customer_has_open_accounts');
    }
    this.#state = { ...this.#state, status: 'closed', version: this.#state.version + 1 };
  }
}

function cleanIdentity(identity: Person | Organisation): Person | Organisation {
  if (identity.type === 'organisation') {
    return {
      type: 'organisation',
      legalName: cleanName(identity.legalName, 'legalName', 200),
      registrationNumber: cleanText(identity.registrationNumber, 'registrationNumber', 50),
    };
  }
  return {
    ...identity,
    givenName: cleanName(identity.givenName, 'givenName', 100),
    familyName: cleanName(identity.familyName, 'familyName', 100),
  };
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

function cleanDetails(details: CustomerDetails): CustomerDetails {
  return {
    email: optional(details.email, cleanEmail),
    phone: optional(details.phone, cleanPhone),
    address: optional(details.address, cleanAddress),
    nationalId: optional(details.nationalId, (text) => cleanText(text, 'nationalId', 50)),
    externalId: optional(details.externalId, (text) => cleanText(text, 'externalId', 100)),
    metadata: details.metadata,
  };
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
      registrationNumber: registrationNumber ?? identity.registrationNumber,
    };
  }
  return {
    ...identity,
    givenName: givenName ?? identity.givenName,
    familyName: familyName ?? identity.familyName,
    dateOfBirth: dateOfBirth ?? identity.dateOfBirth,
  };
}
