import { sql } from 'kysely';
import { type Answer, created, type TestApi } from '#test/support/api.ts';

type Acts = Readonly<Record<string, () => Promise<() => Promise<Answer>>>>;

/** Acts that are about the bank’s days and its limits, by operation: what comes first, and the act. */
export function calendarActs(api: TestApi): Acts {
  return {
    setRoleLimits: async () => () =>
      api.raw(
        'PUT',
        '/v1/role-limits',
        '{"role":"teller","currency":"EUR","perTransaction":"10000.00","perDay":null}',
      ),
    setCalendar: async () => () => api.raw('PUT', '/v1/calendar', '{"weekendDays":[6,7]}'),
    addHoliday: async () => () => api.post('/v1/holidays', { date: '2026-12-25', name: 'Christmas' }),
    removeHoliday: async () => {
      created(await api.post('/v1/holidays', { date: '2026-05-01', name: 'Labour Day' }));
      return () => api.delete('/v1/holidays/2026-05-01');
    },
    setBusinessDate: async () => () => api.post('/v1/business-date', { businessDate: '2026-01-14' }),
    undoBusinessDate: async () => {
      created(await api.post('/v1/business-date', { businessDate: '2026-01-14' }));
      return () => api.post('/v1/business-date/undo', {});
    },
    runEndOfDay: async () => {
      const { businessDate: until } = await api.bank.endOfDay.progress();
      return () => api.post('/v1/end-of-day', { until });
    },
    stopEndOfDay: async () => {
      await sql`
        insert into end_of_day_closings (book_id, until_on, actor, started_at) values (1, '2026-01-14', 'test', now())
        on conflict (book_id) do update set ended_at = null`.execute(api.bank.db);
      return () => api.post('/v1/end-of-day/stop', {});
    },
    setTaxExemptions: async () => {
      const { id } = await api.newCustomer();
      return () => api.raw('PUT', `/v1/customers/${id}/tax-exemptions`, '{"exemptions":[]}');
    },
    postAccountInterest: async () => {
      const product = { code: 'earning', currency: 'EUR', kind: 'savings', name: 'Savings' };
      created(await api.post('/v1/products', { ...product, interest: { rate: '10' } }));
      const { id } = await api.newAccount({ product: 'earning', balance: '1000.00' });
      created(await api.post('/v1/business-date', { businessDate: '2026-01-20' }));
      return () => api.post(`/v1/accounts/${id}/post-interest`, {});
    },
  };
}
