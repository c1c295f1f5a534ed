import type { CustomerDetails, Organisation, Person } from '#features/customers/contract.ts';
import { type DemoOrganisation, type DemoPerson, ORGANISATIONS, PEOPLE } from './data.ts';

/** A customer of the demo in the form that the service takes. */
export type DemoCustomer = {
  readonly key: string;
  readonly identity: Person | Organisation;
  readonly details: CustomerDetails;
};

/** Where they all live. */
const CITY = { city: 'Berlin', country: 'DE' };

/** The demo's customers, in the order in which they join. */
export const CUSTOMERS: readonly DemoCustomer[] = [
  ...PEOPLE.map(ofPerson),
  ...ORGANISATIONS.map(ofOrganisation),
];

/** Phones are from ranges that the Bundesnetzagentur keeps free for fiction: 0171 39200 xx and 030 23125 xxx. */
function ofPerson(person: DemoPerson, index: number): DemoCustomer {
  const { key, givenName, familyName, sex, dateOfBirth, street, postalCode } = person;
  return {
    key,
    identity: { type: 'person', givenName, familyName, sex, dateOfBirth },
    details: {
      email: `${key}@example.com`,
      phone: `+4917139200${twoDigits(index)}`,
      address: { line1: street, postalCode, ...CITY },
      metadata: {},
    },
  };
}

function ofOrganisation(organisation: DemoOrganisation, index: number): DemoCustomer {
  const { key, legalName, registrationNumber, street, postalCode } = organisation;
  return {
    key,
    identity: { type: 'organisation', legalName, registrationNumber },
    details: {
      email: `${key}@example.org`,
      phone: `+49302312510${index}`,
      address: { line1: street, postalCode, ...CITY },
      metadata: {},
    },
  };
}

function twoDigits(index: number): string {
  return index.toString().padStart(2, '0');
}
