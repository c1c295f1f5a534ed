import pg from 'pg';

/** OIDs of the types that the driver would parse wrongly: int8 and numeric beyond 2^53, dates at local midnight. */
const INT8 = 20;
const DATE = 1082;
const NUMERIC = 1700;

/** The types of parsed columns: int8 as BigInt, date and numeric as text, timestamptz as Date. */
export const typeParsers = new pg.TypeOverrides();
typeParsers.setTypeParser(INT8, BigInt);
typeParsers.setTypeParser(DATE, (text: string) => text);
typeParsers.setTypeParser(NUMERIC, (text: string) => text);
