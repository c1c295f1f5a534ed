export { Customer } from './customer.ts';
export { insertCustomers, lockCustomer } from './repository.ts';
export type { Holdings } from './service.ts';
