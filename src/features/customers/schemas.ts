import { type Static, Type } from 'typebox';
import {
  choice,
  createdRange,
  date,
  externalIdFilter,
  flag,
  givenLabels,
  givenName,
  givenText,
  id,
  instant,
  LENGTHS,
  labelsView,
  list,
  metadata,
  metadataFilter,
  shownLabels,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { taggedChoice } from '#http/tagged-choice.ts';
import { toTypeId } from '#lib/ids.ts';
import { CUSTOMER_STATUSES } from './customer.ts';
import { IDENTIFIER_TYPES } from './identifiers.ts';
import type { StoredCustomer } from './repository.ts';

const CustomerType = choice('CustomerType', 'Whether it is a person or an organisation; it never changes.', [
  'person',
  'organisation',
]);
const Status = choice(
  'CustomerStatus',
  'Nothing is paid for a customer who has died but to the estate. A closed one holds no open account.',
  CUSTOMER_STATUSES,
);

const EXAMPLE = {
  givenName: 'Anna',
  familyName: 'Sommer',
  legalName: 'Sommer Maschinenbau GmbH',
  registrationNumber: 'HRB 12345',
  email: 'anna.sommer@example.com',
  phone: '+493012345678',
  nationalId: '65170839481',
  externalId: 'crm-4711',
} as const;

const address = {
  line1: ['Street and number.', 'Lindenstraße 1'],
  line2: ['What comes between street and city.', 'Hinterhaus'],
  city: ['City.', 'Berlin'],
  postalCode: ['Postal code; absent where the country has none.', '10969'],
  region: ['State, province, prefecture, emirate …', 'Berlin'],
  country: ['ISO 3166-1 alpha-2 code.', 'DE'],
} as const;

const GivenAddress = requestObject('AddressRequest', 'A postal address.', {
  line1: givenText(...address.line1, LENGTHS.name),
  line2: Type.Optional(givenText(...address.line2, LENGTHS.name)),
  city: givenText(...address.city, LENGTHS.short),
  postalCode: Type.Optional(givenText(...address.postalCode, 20)),
  region: Type.Optional(givenText(...address.region, LENGTHS.short)),
  country: text(...address.country, { format: 'country' }),
});

const Address = resource('Address', 'A postal address.', {
  line1: text(...address.line1),
  line2: Type.Optional(text(...address.line2)),
  city: text(...address.city),
  postalCode: Type.Optional(text(...address.postalCode)),
  region: Type.Optional(text(...address.region)),
  country: text(...address.country),
});

const contact = {
  email: text('E-mail address.', EXAMPLE.email, { maxLength: 254, format: 'email' }),
  phone: text('Phone number in E.164 form.', EXAMPLE.phone, { maxLength: 16, format: 'phone' }),
  address: GivenAddress,
};

const nationalId = givenText(
  'The national id, unique in the book with the country of the address; without one, with that of the bank. Other numbers: `identifiers`.',
  EXAMPLE.nationalId,
  LENGTHS.number,
);

const IdentifierType = choice('IdentifierType', 'What the number is of.', IDENTIFIER_TYPES);
const identifier = {
  type: IdentifierType,
  value: ['The number. Case, spaces and hyphens make no difference.', 'C01X00T47'],
  country: ['ISO 3166-1 alpha-2 code of the country that gave it; not needed for an LEI.', 'DE'],
} as const;
const GivenIdentifier = requestObject(
  'IdentifierRequest',
  'A number of a customer, given by a state or register.',
  {
    type: identifier.type,
    value: givenText(...identifier.value, LENGTHS.number),
    country: Type.Optional(text(...identifier.country, { format: 'country' })),
  },
);
const Identifier = resource(
  'Identifier',
  'A number of a customer, unique in the book with its type and country.',
  {
    type: identifier.type,
    value: text(...identifier.value),
    country: nullable(text(...identifier.country)),
  },
);
/** More than there are types; the customer’s rules have the last word. */
const MAX_GIVEN_IDENTIFIERS = 50;
const identifiers = list('Numbers beside these, each unique with its type and country.', GivenIdentifier, {
  maxItems: MAX_GIVEN_IDENTIFIERS,
});

const externalId = givenText(
  'The id in your own systems, unique in the book.',
  EXAMPLE.externalId,
  LENGTHS.short,
);

const details = {
  email: Type.Optional(contact.email),
  phone: Type.Optional(contact.phone),
  address: Type.Optional(contact.address),
  nationalId: Type.Optional(nationalId),
  identifiers: Type.Optional(identifiers),
  ...givenLabels(EXAMPLE.externalId),
};
const oneName = 'One of the two names is required.';

const CreatePersonRequest = requestObject('CreatePersonRequest', 'A person.', {
  type: Type.Literal('person'),
  givenName: Type.Optional(givenName(`Given name. ${oneName}`, EXAMPLE.givenName, LENGTHS.short)),
  familyName: Type.Optional(givenName(`Family name. ${oneName}`, EXAMPLE.familyName, LENGTHS.short)),
  dateOfBirth: date('At least 18 years ago.'),
  ...details,
});

const CreateOrganisationRequest = requestObject('CreateOrganisationRequest', 'An organisation.', {
  type: Type.Literal('organisation'),
  legalName: givenName('Registered name.', EXAMPLE.legalName, LENGTHS.name),
  registrationNumber: Type.Optional(
    givenText(
      'Unique in the book with the country of the address. Absent for one without a register.',
      EXAMPLE.registrationNumber,
      LENGTHS.number,
    ),
  ),
  ...details,
});

/** The kind says which fields there are, so that an error names the one that is wrong. */
export const CreateCustomerRequest = taggedChoice(
  'CreateCustomerRequest',
  'A person or an organisation.',
  'type',
  [CreatePersonRequest, CreateOrganisationRequest],
);
export type CreateCustomerRequest = Static<typeof CreateCustomerRequest>;

export const ChangeCustomerRequest = requestObject(
  'ChangeCustomerRequest',
  'New details of a customer; what is not given stays as it is.',
  {
    givenName: Type.Optional(
      nullable(givenName('Given name: persons only.', EXAMPLE.givenName, LENGTHS.short)),
    ),
    familyName: Type.Optional(
      nullable(givenName('Family name: persons only.', EXAMPLE.familyName, LENGTHS.short)),
    ),
    dateOfBirth: Type.Optional(date('Persons only: at least 18 years ago.')),
    legalName: Type.Optional(
      givenName('Registered name: organisations only.', EXAMPLE.legalName, LENGTHS.name),
    ),
    registrationNumber: Type.Optional(
      nullable(givenText('Organisations only.', EXAMPLE.registrationNumber, LENGTHS.number)),
    ),
    email: Type.Optional(nullable(contact.email)),
    phone: Type.Optional(nullable(contact.phone)),
    address: Type.Optional(nullable(GivenAddress)),
    nationalId: Type.Optional(nullable(nationalId)),
    identifiers: Type.Optional(
      described(identifiers, 'All numbers beside the national id and the registration number.'),
    ),
    externalId: Type.Optional(nullable(externalId)),
    metadata: Type.Optional(metadata('All texts of your own: those not given are removed.')),
  },
  { minProperties: 1 },
);

export const EraseCustomerRequest = requestObject('EraseCustomerRequest', 'Why a customer is erased.', {
  reason: givenText(
    'The reason and its legal basis. The audit trail keeps it permanently, so it must not name the person.',
    'Request of 3 March, GDPR article 17',
  ),
  overrideRetention: Type.Optional(
    flag('Erase although transactions are still to be kept; false if not given.'),
  ),
});

export const ReportDeathRequest = requestObject('ReportDeathRequest', 'The death of a customer.', {
  deceasedOn: date('When the person died.'),
  reason: givenText(
    'What the bank knows it from, for staff and the audit trail.',
    'Death certificate 114/2026 of Berlin-Mitte',
  ),
});

export const WithdrawDeathReportRequest = requestObject(
  'WithdrawDeathReportRequest',
  'Why a report of a death was a mistake.',
  { reason: givenText('The reason, for staff and the audit trail.', 'Another person of the same name') },
);

export const CustomerSchema = resource('Customer', 'A person or organisation that banks here.', {
  id: id('customer', 'The id.'),
  type: CustomerType,
  status: Status,
  deceasedOn: nullable(
    date('When the person died; null while the customer is alive, or is an organisation.'),
  ),
  givenName: nullable(text('Given name; null for an organisation, or without one.', EXAMPLE.givenName)),
  familyName: nullable(text('Family name; null for an organisation, or without one.', EXAMPLE.familyName)),
  dateOfBirth: nullable(date('Date of birth; null for an organisation.')),
  legalName: nullable(text('Registered name; null for a person.', EXAMPLE.legalName)),
  registrationNumber: nullable(text('Null for a person, or without a register.', EXAMPLE.registrationNumber)),
  email: nullable(text('E-mail address.', EXAMPLE.email)),
  phone: nullable(text('Phone number in E.164 form.', EXAMPLE.phone)),
  nationalId: nullable(text('The national id.', EXAMPLE.nationalId)),
  identifiers: list('Numbers beside the national id and the registration number.', Identifier),
  address: nullable(Address),
  ...shownLabels(EXAMPLE.externalId),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
});
export type CustomerView = Static<typeof CustomerSchema>;

/** Absent values are null, so that every customer has the same fields. */
export function customerView(customer: StoredCustomer): CustomerView {
  const { identity } = customer;
  const person = identity.type === 'person' ? identity : undefined;
  const organisation = identity.type === 'organisation' ? identity : undefined;
  return {
    id: toTypeId('customer', customer.id),
    type: identity.type,
    status: customer.status,
    deceasedOn: customer.deceasedOn ?? null,
    givenName: person?.givenName ?? null,
    familyName: person?.familyName ?? null,
    dateOfBirth: person?.dateOfBirth ?? null,
    legalName: organisation?.legalName ?? null,
    registrationNumber: organisation?.registrationNumber ?? null,
    email: customer.email ?? null,
    phone: customer.phone ?? null,
    nationalId: customer.nationalId ?? null,
    identifiers: (customer.identifiers ?? []).map(({ type, value, country = null }) => ({
      type,
      value,
      country,
    })),
    address: customer.address ?? null,
    ...labelsView(customer),
    createdAt: customer.createdAt.toISOString(),
    updatedAt: customer.updatedAt.toISOString(),
  };
}

export const ListCustomersQuery = pageQuery({
  status: Type.Optional(described(Status, 'Those of this status.')),
  email: Type.Optional(text('The one with this e-mail address.', EXAMPLE.email, { maxLength: 254 })),
  externalId: externalIdFilter(EXAMPLE.externalId),
  metadata: metadataFilter,
  ...createdRange,
  q: Type.Optional(
    text(
      'Words of the name, e-mail address or external id, or their beginnings: in any order and case, with or without accents.',
      'müller jür',
      { maxLength: 100 },
    ),
  ),
});

export const CustomerParams = idParams('customer');
