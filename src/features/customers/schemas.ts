import { type Static, Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import {
  closedObject,
  DateSchema,
  InstantSchema,
  MetadataSchema,
  nullable,
  typeIdSchema,
} from '#http/schemas.ts';

/** Longer than any column takes: the entities say what is too long, this bounds what they are given. */
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 1000 });

const Address = closedObject({
  line1: text('Street and number.'),
  line2: Type.Optional(text('What comes between street and city.')),
  city: text('City.'),
  postalCode: text('Postal code.'),
  country: Type.String({ description: 'ISO 3166-1 alpha-2 code.', examples: ['DE'] }),
});

const contact = {
  email: text('E-mail address.'),
  phone: Type.String({ description: 'E.164.', examples: ['+493012345678'] }),
  address: Address,
};

const optionalDetails = {
  nationalId: Type.Optional(text('Unique in the book.')),
  externalId: Type.Optional(text('The id in your own systems, unique in the book.')),
  metadata: Type.Optional(MetadataSchema),
};

/** A discriminated union is spelled out as one object: an error then names the field that is wrong. */
export const CreateCustomer = closedObject({
  type: Type.Union([Type.Literal('person'), Type.Literal('organisation')]),
  givenName: Type.Optional(text('Persons only, required.')),
  familyName: Type.Optional(text('Persons only, required.')),
  dateOfBirth: Type.Optional(DateSchema),
  legalName: Type.Optional(text('Organisations only, required.')),
  registrationNumber: Type.Optional(text('Organisations only, required; unique in the book.')),
  ...contact,
  ...optionalDetails,
});
export type CreateCustomer = Static<typeof CreateCustomer>;

export const ChangeCustomer = closedObject(
  {
    givenName: Type.Optional(text('Persons only.')),
    familyName: Type.Optional(text('Persons only.')),
    dateOfBirth: Type.Optional(DateSchema),
    legalName: Type.Optional(text('Organisations only.')),
    registrationNumber: Type.Optional(text('Organisations only.')),
    email: Type.Optional(contact.email),
    phone: Type.Optional(contact.phone),
    address: Type.Optional(Address),
    nationalId: Type.Optional(nullable(text('Null takes it away.'))),
    externalId: Type.Optional(nullable(text('Null takes it away.'))),
    metadata: Type.Optional(MetadataSchema),
  },
  { minProperties: 1 },
);

export const EraseCustomer = closedObject({
  reason: text(
    'Why, on which legal basis; kept in the audit trail for good, so without anything about the person.',
  ),
  overrideRetention: Type.Optional(
    Type.Boolean({ description: 'Erase although transactions are still to be kept. Default: false.' }),
  ),
});

export const CustomerSchema = Type.Object({
  id: typeIdSchema('customer'),
  type: Type.Union([Type.Literal('person'), Type.Literal('organisation')]),
  status: Type.Union([Type.Literal('active'), Type.Literal('closed')]),
  givenName: nullable(Type.String()),
  familyName: nullable(Type.String()),
  dateOfBirth: nullable(DateSchema),
  legalName: nullable(Type.String()),
  registrationNumber: nullable(Type.String()),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  nationalId: nullable(Type.String()),
  address: nullable(
    Type.Object({
      line1: Type.String(),
      line2: Type.Optional(Type.String()),
      city: Type.String(),
      postalCode: Type.String(),
      country: Type.String(),
    }),
  ),
  externalId: nullable(Type.String()),
  metadata: MetadataSchema,
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
});

export const ListCustomersQuery = pageQuery({
  status: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('closed')])),
  email: Type.Optional(Type.String({ maxLength: 254 })),
  externalId: Type.Optional(Type.String({ maxLength: 100 })),
  q: Type.Optional(Type.String({ description: 'Part of a name, e-mail or external id.', maxLength: 100 })),
});

export const CustomerParams = Type.Object({ id: typeIdSchema('customer') });
