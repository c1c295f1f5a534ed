import { parse } from 'csv-parse/sync';
import { type FieldError, validationFailed } from '#lib/errors.ts';
import { cleanText } from '#lib/text.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import type { Holiday } from './repository.ts';

/** Some hundred years of a country's holidays. */
export const MAX_HOLIDAYS = 2_000;
/** Somebody who corrects a file needs to see more than one problem, and not all of them. */
const MAX_PROBLEMS = 20;

/**
 * Holidays from the text of a CSV file: `date,name` a line, with or without such a heading; a line without a name is
 * called "Holiday". Throws 400 `validation_failed` that names the lines.
 */
export function readHolidays(text: string): Holiday[] {
  const rows: string[][] = readRows(text);
  const problems: FieldError[] = [];
  const holidays: Holiday[] = [];
  for (const [index, [dateText = '', nameText = '']] of rows.entries()) {
    if (index === 0 && dateText.toLowerCase() === 'date') continue;
    const date = parseIsoDate(dateText);
    if (date === undefined) {
      problems.push({
        path: `line ${index + 1}`,
        message: `${JSON.stringify(dateText)} is not a date (YYYY-MM-DD)`,
      });
    } else {
      holidays.push({
        date,
        name: nameText === '' ? 'Holiday' : cleanText(nameText, `line ${index + 1}`, 100),
      });
    }
  }
  if (problems.length > 0) throw validationFailed(...problems.slice(0, MAX_PROBLEMS));
  if (holidays.length > MAX_HOLIDAYS) {
    throw validationFailed({ path: 'holidays', message: `must be at most ${MAX_HOLIDAYS}` });
  }
  return holidays;
}

function readRows(text: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    throw validationFailed({
      path: 'holidays',
      message: `is not CSV: ${error instanceof Error ? error.message : ''}`,
    });
  }
}
