import { letterheadOf } from '#features/books/contract.ts';
import { countryName, isCountryCode } from '#lib/countries.ts';
import type { Sheet, SheetRow } from '#paper/sheet.ts';
import { type StatementDocument, Totals, type TotalsView } from './document.ts';
import type { StatementInterestView } from './interest.ts';
import { interestTexts } from './interest-text.ts';
import type { StatementLine } from './statement.ts';

const COLUMNS: Sheet['columns'] = [
  { title: 'Date', width: 62, align: 'left' },
  { title: 'Value date', width: 62, align: 'left' },
  { title: 'Details', align: 'left' },
  { title: 'Amount', width: 82, align: 'right' },
  { title: 'Balance', width: 82, align: 'right' },
];

/** A statement as it is printed. All of its lines are in memory. */
export async function statementSheet({ head, pages, interest }: StatementDocument): Promise<Sheet> {
  const totals = new Totals();
  const rows: SheetRow[] = [balanceRow('Opening balance', head.openingBalance)];
  for await (const lines of pages()) {
    totals.add(lines);
    for (const line of lines) rows.push(lineRow(line));
  }
  rows.push(balanceRow('Closing balance', head.closingBalance));
  return {
    letterhead: letterheadOf(head.bank),
    recipient: [...head.holders, ...onPaper(head.address)],
    title: head.number === null ? 'Account statement' : `Account statement ${head.number}`,
    subtitle: `from ${head.from ?? 'the first line'} to ${head.to ?? 'the last line'}, amounts in ${head.currency}`,
    facts: [
      head.iban === null ? ['Account', head.accountNumber] : ['IBAN', inGroups(head.iban)],
      ...(head.bank.bic === null ? [] : [['BIC', head.bank.bic] as const]),
      ['Product', head.product],
      ['Opening balance', `${head.openingBalance} ${head.currency}`],
      ['Closing balance', `${head.closingBalance} ${head.currency}`],
      ...totalFacts(totals.view(head.currency), head.currency),
    ],
    columns: COLUMNS,
    rows,
    notes: [...(rows.length === 2 ? ['Nothing was booked in this period.'] : []), ...interestNotes(interest)],
    orientation: 'portrait',
  };
}

/** The lines of an address as they are printed: the last one is the name of the country, not its code. */
export function onPaper(address: readonly string[]): string[] {
  const last = address.at(-1);
  return last === undefined || !isCountryCode(last)
    ? [...address]
    : [...address.slice(0, -1), countryName(last)];
}

/** An IBAN as it is printed (ISO 13616): in groups of four. */
export function inGroups(iban: string): string {
  return iban.replaceAll(/(.{4})(?=.)/g, '$1 ');
}

const TOTALS: readonly (readonly [keyof TotalsView, string])[] = [
  ['credits', 'Money in'],
  ['debits', 'Money out'],
  ['interestEarned', 'Interest earned'],
  ['interestCharged', 'Interest charged'],
  ['fees', 'Fees'],
  ['feeTaxes', 'Tax on fees'],
  ['taxes', 'Tax on interest'],
];

/** Sums of nothing are left out, but for those of money in and out. */
function totalFacts(totals: TotalsView, currency: string): (readonly [string, string])[] {
  return TOTALS.filter(([name]) => name === 'credits' || name === 'debits' || /[1-9]/.test(totals[name])).map(
    ([name, label]) => [label, `${totals[name]} ${currency}`],
  );
}

/** A rate that changes every day, each with an overdraft: a month of them is a page and a half. */
const MAX_INTEREST_NOTES = 100;

/** The rates, the days that they are for as a heading of their own. */
function interestNotes(interest: StatementInterestView): string[] {
  const notes: string[] = [];
  let days = '';
  for (const { from, to, text } of interestTexts(interest)) {
    const heading = from === to ? `On ${from}:` : `From ${from} to ${to}:`;
    if (heading !== days) notes.push(heading);
    days = heading;
    notes.push(text);
  }
  if (notes.length <= MAX_INTEREST_NOTES) return notes;
  return ['The rates changed too often for this page: the statement as JSON and as CSV has them all.'];
}

function balanceRow(text: string, balance: string): SheetRow {
  return { cells: ['', '', text, '', balance], isTotal: true, carried: carriedRow(balance) };
}

function carriedRow(balance: string): string[] {
  return ['', '', 'Carried forward', '', balance];
}

/** Interest and the tax on it say in words what they are: said twice, their days would not fit on the line. */
const SAY_THEMSELVES: ReadonlySet<string> = new Set(['interest', 'withholding_tax']);

function lineRow(line: StatementLine): SheetRow {
  const { businessDate, valueDate, amount, balanceAfter, counterparty, payerName } = line;
  const other = payerName ?? counterparty?.name ?? counterparty?.iban ?? counterparty?.account ?? null;
  const isSaid = line.description !== null && SAY_THEMSELVES.has(line.type);
  const details = [isSaid ? null : typeText(line.type), other, line.description, line.reference].filter(
    (text) => text !== null,
  );
  return {
    cells: [businessDate, valueDate, details.join(' · '), amount, balanceAfter],
    carried: carriedRow(balanceAfter),
  };
}

/** `incoming_payment` as a reader takes it: `Incoming payment`. */
function typeText(type: string): string {
  return `${type.charAt(0).toUpperCase()}${type.slice(1).replaceAll('_', ' ')}`;
}
