import { annualPercentageRate } from '#features/loans/schedule/apr.ts';
import { monthsAfter } from '#lib/time/calendar.ts';
import { addDays, type isoDate } from '#lib/time/dates.ts';
import { lent, paid, paidEvery } from './flows.ts';

/** A ratio as a percentage. */
export const percent = (rate: number, decimals: number) => (rate * 100).toFixed(decimals);

const monthly = paidEveryMonths(1);

function paidEveryMonths(count: number) {
  return (from: ReturnType<typeof isoDate>, index: number) => monthsAfter(from, count * index);
}

const weekly = (count: number) => (from: ReturnType<typeof isoDate>, index: number) =>
  addDays(from, 7 * count * index);

/** The examples of appendix J, paragraph (c), as cash flows. */
export const US_EXAMPLES: Readonly<Record<string, () => number>> = {
  'RegZ-J-c1i': () =>
    annualPercentageRate(
      'us',
      [lent(5000_00n, '1978-01-10'), ...paidEvery(230_00n, 24, '1978-02-10', monthly)],
      {
        unit: 'month',
        count: 1,
      },
    ),
  'RegZ-J-c1iii': () =>
    annualPercentageRate(
      'us',
      [
        lent(5000_00n, '1978-02-23'),
        ...paidEvery(219_17n, 12, '1978-03-01', monthly),
        ...paidEvery(219_17n, 12, '1978-03-16', monthly),
      ],
      { unit: 'half_month', count: 1 },
    ),
  'RegZ-J-c1v': () =>
    annualPercentageRate(
      'us',
      [lent(500_00n, '1978-03-20'), ...paidEvery(17_60n, 30, '1978-04-21', weekly(1))],
      {
        unit: 'week',
        count: 1,
      },
    ),
  'RegZ-J-c2ii': () =>
    annualPercentageRate(
      'us',
      [
        lent(400_00n, '1978-03-18'),
        ...paid(39_50n, '1978-04-20'),
        ...paidEvery(38_31n, 11, '1978-05-18', weekly(4)),
      ],
      { unit: 'week', count: 4 },
    ),
  'RegZ-J-c3ii': () =>
    annualPercentageRate(
      'us',
      [
        lent(200_00n, '1978-04-03'),
        ...paidEvery(9_50n, 19, '1978-04-11', weekly(2)),
        ...paid(30_00n, '1979-01-02'),
      ],
      { unit: 'week', count: 2 },
    ),
  'RegZ-J-c4ii': () =>
    annualPercentageRate(
      'us',
      [
        lent(8000_00n, '1978-01-10'),
        ...paid(449_36n, '1978-03-01'),
        ...paidEvery(465_00n, 18, '1978-05-01', paidEveryMonths(2)),
        ...paid(200_00n, '1981-05-01'),
      ],
      { unit: 'month', count: 2 },
    ),
};

/** The examples of Directive 98/7/EC, annex III. */
export const EU_EXAMPLES: Readonly<Record<string, () => number>> = {
  'EU-98/7-ex1': () =>
    annualPercentageRate('eu', [lent(1000_00n, '1994-01-01'), ...paid(1200_00n, '1995-07-01')], {
      unit: 'day',
      count: 546,
    }),
  'EU-98/7-ex3': () =>
    annualPercentageRate('eu', [lent(1000_00n, '1994-01-01'), ...paid(600_00n, '1995-01-01', '1996-01-01')], {
      unit: 'month',
      count: 12,
    }),
};
