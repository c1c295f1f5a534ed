// Customers: persons and organisations, their details, and how they are deleted or erased.

export type { CustomerDetails, Organisation, Person } from './customer.ts';
export { Customer } from './customer.ts';
export { sealNationalIds } from './national-id.ts';
export { personalFieldsOpener, personalSeal } from './personal-fields.ts';
export { customerExists, findCustomer, insertCustomers, lockCustomer } from './repository.ts';
export type { Holdings } from './service.ts';
