import { acts, type Resource } from '../resource.ts';

export const BANK: readonly Resource[] = [
  {
    name: 'bank',
    area: 'bank',
    record: 'getBank',
    acts: [{ operation: 'changeBank', prefill: '' }],
  },
  {
    name: 'currencies',
    area: 'bank',
    list: 'listCurrencies',
    columns: ['currency', 'decimals', 'isEnabled'],
    rowActs: [{ operation: 'enableCurrency', when: { field: 'isEnabled', is: ['false'] } }],
  },
  {
    name: 'calendar',
    area: 'bank',
    record: 'getBusinessDate',
    acts: acts('setBusinessDate', 'undoBusinessDate', 'setCalendar'),
    related: [{ resource: 'holidays', by: {} }],
  },
  {
    name: 'holidays',
    area: 'bank',
    list: 'listHolidays',
    columns: ['date', 'name'],
    starts: acts('addHoliday'),
    rowActs: acts('removeHoliday'),
  },
  {
    name: 'end-of-day',
    area: 'bank',
    list: 'listEndOfDayRuns',
    columns: ['businessDate', 'status', 'actor', 'startedAt', 'completedAt', 'failure.message'],
    starts: acts('runEndOfDay', 'stopEndOfDay'),
  },
  {
    name: 'end-of-day-progress',
    area: 'bank',
    record: 'getEndOfDayProgress',
    acts: acts('runEndOfDay', 'stopEndOfDay'),
  },
];
