import { created, type TestApi } from '#test/support/api.ts';
import type { Prepare } from './bank-acts.ts';

const LINES = '/v1/accounting/gl-accounts';
const ENTRIES = '/v1/accounting/journal-entries';
const PERIODS = '/v1/accounting/periods';
const YEARS = '/v1/accounting/years';

const onEUR = { amount: '5.00', currency: 'EUR' };
const capitalPaidIn = {
  reason: 'Capital paid in',
  lines: [
    { glAccount: '1000', side: 'debit', ...onEUR },
    { glAccount: '3000', side: 'credit', ...onEUR },
  ],
};

const assets = { kind: 'section', key: 'assets', title: 'Assets', side: 'debit', accounts: ['asset'] };
const layout = { rows: [assets] };

/** What is done to the bank's own books. */
export function accountingActs(api: TestApi): Readonly<Record<string, Prepare>> {
  return {
    createGlAccount: async () => () => api.post(LINES, { code: '6900', name: 'Sundries', class: 'expense' }),
    changeGlAccount: async () => {
      created(await api.post(LINES, { code: '6901', name: 'Sundries', class: 'expense' }));
      return () => api.patch(`${LINES}/6901`, { name: 'Other' }, '*');
    },
    createJournalEntry: async () => () => api.pay(ENTRIES, capitalPaidIn),
    reverseJournalEntry: async () => {
      const { id } = created(await api.pay<{ id: string }>(ENTRIES, capitalPaidIn));
      return () => api.pay(`${ENTRIES}/${id}/reverse`, { reason: 'twice' });
    },
    setReportLayout: async () => () =>
      api.raw('PUT', '/v1/accounting/layouts/balance-sheet', JSON.stringify(layout)),
    closePeriod: async () => () => api.post(`${PERIODS}/1990-01/close`, {}),
    reopenPeriod: async () => {
      created(await api.post(`${PERIODS}/1990-02/close`, {}));
      return () => api.post(`${PERIODS}/1990-02/reopen`, { reason: 'a late invoice' });
    },
    closeYear: async () => () => api.post(`${YEARS}/1991/close`, {}),
    reopenYear: async () => {
      created(await api.post(`${YEARS}/1992/close`, {}));
      return () => api.post(`${YEARS}/1992/reopen`, { reason: 'a late invoice' });
    },
  };
}
