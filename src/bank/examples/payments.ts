import { exampleId } from '#http/schemas.ts';
import { ACCOUNT, OTHER_IBAN, type RequestExamples, SAVINGS } from './example.ts';

const TRANSACTION = exampleId('transaction');

/** Of money that is paid in, out and on, of holds, orders and limits. */
export const PAYMENT_EXAMPLES: RequestExamples = {
  deposit: {
    accountId: ACCOUNT,
    mode: 'cash',
    amount: '120.00',
    currency: 'EUR',
    description: 'Savings jar',
  },
  withdraw: { accountId: ACCOUNT, mode: 'cash', amount: '40.00', currency: 'EUR' },
  transfer: {
    fromAccountId: ACCOUNT,
    toIban: OTHER_IBAN,
    toName: 'Anna Sommer',
    amount: '25.00',
    currency: 'EUR',
    reference: 'Dinner on Friday',
  },
  reverseTransaction: { reason: 'Keyed in twice at counter 3', customerReason: 'Booked twice by mistake' },
  payOutEstate: {
    executorName: 'Eva Sommer',
    reason: 'Certificate of inheritance 6 VI 331/26',
    toIban: 'DE89370400440532013000',
    amount: '80.00',
    currency: 'EUR',
  },
  postBatch: {
    mode: 'atomic',
    items: [
      { type: 'deposit', accountId: ACCOUNT, mode: 'cash', amount: '60.00', currency: 'EUR' },
      { type: 'transfer', fromAccountId: ACCOUNT, toIban: OTHER_IBAN, amount: '12.50', currency: 'EUR' },
    ],
  },

  placeHold: { accountId: ACCOUNT, amount: '45.90', currency: 'EUR', reference: 'Hotel, room 12' },
  captureHold: { amount: '9.90' },
  changeHold: { amount: '52.40' },
  settleCaptures: { currency: 'EUR', reference: 'acquirer-2026-01-31.csv' },

  createStandingOrder: {
    fromAccountId: ACCOUNT,
    toIban: 'DE89370400440532013000',
    toName: 'Wohnbau Berlin eG',
    amount: '740.00',
    currency: 'EUR',
    frequency: 'monthly',
    startDate: '2027-02-01',
    description: 'Rent',
    reference: 'Flat 12, Lindenstraße 1',
  },
  changeStandingOrder: { amount: '765.00', description: 'Rent, from February on' },

  returnOutgoingPayment: { reason: 'Account closed', reasonCode: 'AC04' },
  submitOutgoingPayments: { message: 'out-2026-01-31-1.xml' },
  settleOutgoingPayments: { ids: [TRANSACTION] },
  returnOutgoingPayments: { items: [{ id: TRANSACTION, reason: 'Account closed', reasonCode: 'AC04' }] },
  receivePayment: {
    externalReference: '2026-01-31-0000017',
    iban: OTHER_IBAN,
    amount: '18.70',
    currency: 'EUR',
    debtorName: 'Stadtwerke Berlin',
    debtorIban: 'DE89370400440532013000',
    reference: 'Credit note 2026-0042',
  },
  resolveIncomingPayment: { accountId: ACCOUNT },
  returnIncomingPayment: { reason: 'Account closed', reasonCode: 'AC04' },

  setDefaultLimits: { currency: 'EUR', perTransaction: '5000.00', perDay: '10000.00' },
  setRoleLimits: { role: 'teller', currency: 'EUR', perTransaction: '10000.00', perDay: '50000.00' },

  quoteConversion: { fromAccountId: ACCOUNT, toAccountId: SAVINGS, amount: '50.00', currency: 'EUR' },
  convertCurrency: {
    fromAccountId: ACCOUNT,
    toAccountId: SAVINGS,
    amount: '50.00',
    currency: 'EUR',
    description: 'Dollars for New York',
  },
};
