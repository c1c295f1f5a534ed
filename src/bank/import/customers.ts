import { selectBank } from '#features/books/contract.ts';
import { Customer, type Organisation, type Person } from '#features/customers/contract.ts';
import { selectBusinessDate } from '#ledger/business-date.ts';
import { type FieldError, validationFailed } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { UNJUDGED } from '#lib/unjudged.ts';
import { OPERATOR } from '../operator-door.ts';
import type { Services } from '../services.ts';
import { each, type Importer, problemsOf, RowProblems, type RowResult } from './importer.ts';
import type { ImportRow } from './read-rows.ts';

/** Customers, known by their id in the other system. */
export function customerImporter({ context, customers }: Services): Importer {
  const isKnown = async ({ values }: ImportRow): Promise<boolean> =>
    (await customers.list(OPERATOR, { externalId: values.externalId, limit: 1 })).length > 0;
  return {
    check: async (row) => {
      const { db, bookId, ids } = context;
      const today = await selectBusinessDate(db, bookId);
      const { country: home } = await selectBank(db, bookId);
      const problems = new RowProblems();
      const identity = (await problems.collect(() => identityOf(row))) ?? (UNJUDGED as Person);
      await problems.collect(() =>
        Customer.open(newId(ids, 'customer'), identity, detailsOf(row), { today, home }),
      );
      return problems.all;
    },
    store: (rows) => each(rows, async (row) => ((await isKnown(row)) ? 'known' : create(row))),
  };

  async function create(row: ImportRow): Promise<RowResult> {
    try {
      await customers.create(OPERATOR, identityOf(row), detailsOf(row));
      return 'imported';
    } catch (error) {
      return problemsOf(error);
    }
  }
}

const OF_PERSONS = ['givenName', 'familyName', 'dateOfBirth'];
const OF_ORGANISATIONS = ['legalName', 'registrationNumber'];

/** A person, unless the row says otherwise or has a legal name. Throws 400 `validation_failed`. */
function identityOf({ values }: ImportRow): Person | Organisation {
  const { type = values.legalName === undefined ? 'person' : 'organisation' } = values;
  if (type !== 'person' && type !== 'organisation') {
    throw validationFailed({ path: 'type', message: 'must be person or organisation' });
  }
  const foreign = type === 'person' ? OF_ORGANISATIONS : OF_PERSONS;
  const problems: FieldError[] = foreign
    .filter((name) => values[name] !== undefined)
    .map((path) => ({
      path,
      message: `does not belong to ${type === 'person' ? 'a person' : 'an organisation'}`,
    }));
  const { givenName, familyName, legalName, registrationNumber } = values;
  if (type === 'organisation') {
    if (legalName === undefined) problems.push({ path: 'legalName', message: 'is required' });
    if (problems.length > 0 || legalName === undefined) throw validationFailed(...problems);
    return { type, legalName, registrationNumber };
  }
  const { dateOfBirth: birth } = values;
  const dateOfBirth = birth === undefined ? undefined : parseIsoDate(birth);
  if (dateOfBirth === undefined) {
    problems.push({ path: 'dateOfBirth', message: birth ? 'is not a date (YYYY-MM-DD)' : 'is required' });
  }
  if (problems.length > 0 || dateOfBirth === undefined) throw validationFailed(...problems);
  return { type, givenName, familyName, dateOfBirth };
}

function detailsOf({ values, metadata }: ImportRow) {
  const { externalId, email, phone, nationalId } = values;
  const { line1 = '', line2, city = '', postalCode, region, country = '' } = values;
  const address = {
    line1,
    city,
    country,
    ...(line2 === undefined ? {} : { line2 }),
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(region === undefined ? {} : { region }),
  };
  const hasAddress = Object.values(address).some((value) => value !== '');
  return { externalId, email, phone, nationalId, metadata, ...(hasAddress ? { address } : {}) };
}
