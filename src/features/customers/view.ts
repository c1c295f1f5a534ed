import type { Address } from '#lib/contact.ts';
import { toTypeId } from '#lib/ids.ts';
import type { StoredCustomer } from './repository.ts';

/** A customer as the API and the CLI show it. Absent values are null, so that every customer has the same fields. */
export type CustomerView = {
  id: string;
  type: 'person' | 'organisation';
  status: 'active' | 'closed';
  givenName: string | null;
  familyName: string | null;
  dateOfBirth: string | null;
  legalName: string | null;
  registrationNumber: string | null;
  email: string | null;
  phone: string | null;
  nationalId: string | null;
  address: (Address & { line2?: string }) | null;
  externalId: string | null;
  metadata: Record<string, string>;
  createdAt: string;
  updatedAt: string;
};

export function customerView(customer: StoredCustomer): CustomerView {
  const { identity } = customer;
  const person = identity.type === 'person' ? identity : undefined;
  const organisation = identity.type === 'organisation' ? identity : undefined;
  return {
    id: toTypeId('customer', customer.id),
    type: identity.type,
    status: customer.status,
    givenName: person?.givenName ?? null,
    familyName: person?.familyName ?? null,
    dateOfBirth: person?.dateOfBirth ?? null,
    legalName: organisation?.legalName ?? null,
    registrationNumber: organisation?.registrationNumber ?? null,
    email: customer.email ?? null,
    phone: customer.phone ?? null,
    nationalId: customer.nationalId ?? null,
    address: customer.address ?? null,
    externalId: customer.externalId ?? null,
    metadata: { ...customer.metadata },
    createdAt: customer.createdAt.toISOString(),
    updatedAt: customer.updatedAt.toISOString(),
  };
}
