import { type IsoDate, parseIsoDate } from '#lib/time/dates.ts';
import { CENTURY, FieldError } from './fields.ts';

/** Czech birth numbers mark a woman by adding this to the month (Act 133/2000 Coll., section 13). */
const FEMALE_MONTH_OFFSET = 50;

/**
 * Date of birth and sex from `YYMMDD`: `706213` is a woman born on 13 December 1970. Throws FieldError for
 * anything else.
 */
export function decodeBirthNumber(birthNumber: string): { dateOfBirth: IsoDate; sex: 'female' | 'male' } {
  const [, year, codedMonth, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(birthNumber) ?? [];
  const isFemale = Number(codedMonth) > FEMALE_MONTH_OFFSET;
  const month = isFemale ? String(Number(codedMonth) - FEMALE_MONTH_OFFSET).padStart(2, '0') : codedMonth;
  const dateOfBirth = parseIsoDate(`${CENTURY}${year}-${month}-${day}`);
  if (dateOfBirth === undefined) throw new FieldError(`birth_number "${birthNumber}" is not one (YYMMDD)`);
  return { dateOfBirth, sex: isFemale ? 'female' : 'male' };
}
