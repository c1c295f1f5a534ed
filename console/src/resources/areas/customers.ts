import { acts, byId, filteredBy, type Resource, whileIn } from '../resource.ts';

export const CUSTOMERS: readonly Resource[] = [
  {
    name: 'customers',
    area: 'customers',
    list: 'listCustomers',
    columns: ['givenName', 'familyName', 'legalName', 'type', 'status', 'email', 'address.city', 'createdAt'],
    record: 'getCustomer',
    screen: '/customers/$id',
    starts: acts('createCustomer'),
    acts: [
      ...acts('changeCustomer'),
      whileIn('reportDeath', 'active'),
      whileIn('withdrawDeathReport', 'deceased'),
      whileIn('closeCustomer', 'active', 'deceased'),
      ...acts('deleteCustomer'),
      whileIn('eraseCustomer', 'closed'),
    ],
    related: [
      filteredBy('customerId', 'accounts'),
      byId('beneficiaries'),
      filteredBy('customerId', 'time-deposits'),
      filteredBy('customerId', 'loans'),
      byId('tax-exemptions'),
      byId('customer-export'),
    ],
  },
  { name: 'customer-export', area: 'customers', record: 'exportCustomer' },
  {
    name: 'beneficiaries',
    area: 'customers',
    list: 'listBeneficiaries',
    columns: ['name', 'nickname', 'iban', 'status', 'limitPerDay', 'usableFrom'],
    record: 'getBeneficiary',
    starts: acts('createBeneficiary'),
    acts: acts('changeBeneficiary', 'deleteBeneficiary'),
  },
  {
    name: 'tax-exemptions',
    area: 'customers',
    record: 'getTaxExemptions',
    acts: acts('setTaxExemptions'),
  },
  {
    name: 'holder-invitations',
    area: 'customers',
    list: 'listHolderInvitations',
    columns: ['id', 'accountId', 'customerId', 'role', 'status', 'expiresAt'],
    rowActs: [whileIn('acceptHolderInvitation', 'open'), whileIn('declineHolderInvitation', 'open')],
  },
];
