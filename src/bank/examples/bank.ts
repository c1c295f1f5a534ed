import type { RequestExamples } from './example.ts';

/** Of the bank itself: its products, rates, books and days. */
export const BANK_EXAMPLES: RequestExamples = {
  changeBank: {
    name: 'Harbour Credit Union',
    addressLine1: '1 Quay Street',
    city: 'Manchester',
    postalCode: 'M3 3HN',
  },
  createProduct: {
    code: 'easy_access',
    currency: 'EUR',
    kind: 'savings',
    name: 'Easy access savings',
    balance: { openingDeposit: '100.00', minimum: '0.00' },
    interest: {
      tiers: [
        { upTo: '50000.00', rate: '1.25' },
        { upTo: null, rate: '0.75' },
      ],
      posting: 'quarterly',
      tax: [{ name: 'Withholding tax', percent: '25' }],
    },
    fees: [{ code: 'copy', name: 'Statement on demand', event: 'statement_copy', amount: '5.00' }],
  },
  changeProduct: { name: 'Current account', captureTolerancePercent: 20 },
  addProductVersion: {
    currency: 'EUR',
    effectiveFrom: '2027-01-01',
    appliesTo: 'all_accounts',
    interest: { rate: '1.5', posting: 'monthly' },
  },
  quoteInterest: {
    currency: 'EUR',
    rate: '1.5',
    posting: 'monthly',
    balances: [
      { from: '2026-01-01', amount: '1000.00' },
      { from: '2026-02-15', amount: '1600.00' },
    ],
    from: '2026-01-01',
    to: '2026-03-31',
  },
  setReferenceRate: { rate: '2.15' },
  setExchangeRate: { pair: 'EUR/USD', bid: '1.0840', ask: '1.0860' },

  createGlAccount: { code: '6100', name: 'Rent of branches', class: 'expense', manualPosting: true },
  changeGlAccount: { name: 'Rent of branches and offices' },
  createJournalEntry: {
    reason: 'Share capital, paid in by the founders',
    lines: [
      { glAccount: '1000', side: 'debit', amount: '50000.00', currency: 'EUR' },
      { glAccount: '3000', side: 'credit', amount: '50000.00', currency: 'EUR' },
    ],
    reference: 'Deed 77/2026',
    attachments: [{ name: 'Deed', id: 'DOC-4711' }],
  },
  reverseJournalEntry: { reason: 'Booked twice' },
  setReportLayout: {
    rows: [
      { kind: 'section', key: 'cash', title: 'Cash', side: 'debit', accounts: ['1000-1099'] },
      { kind: 'section', key: 'assets', title: 'Other assets', side: 'debit', accounts: ['asset'] },
      { kind: 'subtotal', key: 'total', title: 'Total assets', side: 'debit', of: ['cash', 'assets'] },
    ],
  },
  closePeriod: { kind: 'soft', reason: 'All invoices are in' },
  reopenPeriod: { reason: 'An invoice of January came in March' },
  closeYear: { reason: 'Accounts adopted on 14 March' },
  reopenYear: { reason: 'The auditors found an error' },

  setBusinessDate: { businessDate: '2026-02-02' },
  setCalendar: { weekendDays: [6, 7] },
  addHoliday: { date: '2026-12-25', name: 'Christmas Day' },
  runEndOfDay: { until: '2026-01-31' },
};
