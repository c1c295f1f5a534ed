// Customers: persons and organisations, their details, and how they are deleted or erased.

export type { CustomerDetails, Organisation, Person } from './customer.ts';
export { Customer, displayName } from './customer.ts';
export { findCustomerNames } from './names.ts';
export { sealNationalIds } from './national-id.ts';
export { addressSeal, personalFieldsOpener, personalSeal } from './personal-fields.ts';
export {
  customerAddress,
  customerDeath,
  customerExists,
  customerName,
  customerPlace,
  deriveCustomers,
  findCustomer,
  insertCustomers,
  knownCustomers,
  lockCustomer,
  type PostalPlace,
} from './repository.ts';
export { rotateIdentifiers, rotateNationalIds } from './rotate.ts';
export type { Estates, Holdings } from './service.ts';
