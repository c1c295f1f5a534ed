import { ACCOUNT, CUSTOMER, OTHER_CUSTOMER, type RequestExamples, SAVINGS } from './example.ts';

/** Of customers, their accounts and payees. */
export const CUSTOMER_EXAMPLES: RequestExamples = {
  createCustomer: {
    type: 'person',
    givenName: 'Clara',
    familyName: 'Weiss',
    dateOfBirth: '1991-06-14',
    email: 'clara.weiss@example.com',
    phone: '+493012345678',
    address: { line1: 'Lindenstraße 1', city: 'Berlin', postalCode: '10969', country: 'DE' },
    identifiers: [{ type: 'national_id', value: 'L01X00T47', country: 'DE' }],
    externalId: 'crm-4711',
    metadata: { branch: 'north' },
  },
  changeCustomer: {
    familyName: 'Weiss-Brandt',
    address: { line1: 'Hafenstraße 12', city: 'Bremen', postalCode: '28195', country: 'DE' },
  },
  reportDeath: { deceasedOn: '2026-01-05', reason: 'Death certificate 114/2026 of Berlin-Mitte' },
  withdrawDeathReport: { reason: 'Another person of the same name' },
  eraseCustomer: { reason: 'Request of 3 March, GDPR article 17' },
  setTaxExemptions: {
    exemptions: [
      { from: '2026-01-01', until: '2028-12-31', reason: 'Non-assessment certificate of 3 January 2026' },
    ],
  },

  openAccount: { customerId: CUSTOMER, product: 'current', currency: 'EUR', overdraftLimit: '500.00' },
  changeAccount: { overdraftLimit: '1000.00', metadata: { branch: 'north' } },
  freezeAccount: { what: 'debits', reason: 'Court order 12 M 384', customerReason: 'By order of a court' },
  unfreezeAccount: { reason: 'Court order 12 M 384 was lifted' },
  reactivateAccount: { reason: 'The owner came to the branch with a passport' },
  closeAccount: { payoutTo: SAVINGS, reason: 'At the customer’s request' },
  addHolder: { customerId: OTHER_CUSTOMER, role: 'joint' },
  removeHolder: { customerId: OTHER_CUSTOMER },
  changeOwner: { customerId: OTHER_CUSTOMER, reason: 'The owner moved abroad; both agreed' },
  inviteHolder: { customerId: OTHER_CUSTOMER, role: 'authorised' },
  setAccountLimits: { perTransaction: '2000.00', perDay: '5000.00', newBeneficiaryPerDay: '500.00' },
  makeAccountStatement: { to: '2026-01-31' },
  waiveAccountFee: { reason: 'Goodwill, after a complaint' },
  refundAccountFee: { reason: 'Charged twice' },

  createBeneficiary: { name: 'Stadtwerke Berlin', iban: 'DE89370400440532013000', nickname: 'Electricity' },
  changeBeneficiary: { nickname: 'Power', limitPerDay: '250.00' },

  placeAttachment: {
    accountId: ACCOUNT,
    amount: '850.00',
    currency: 'EUR',
    protectedAmount: '1500.00',
    reasonCode: 'garnishment',
    legalReference: 'AG Mitte 12 M 384/26',
  },
  releaseAttachment: { reason: 'The creditor was paid on 3 March' },
};
