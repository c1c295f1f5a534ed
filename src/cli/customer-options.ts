import { type Command, Option } from 'commander';
import type { Services } from '#bank/services.ts';
import type { Address } from '#lib/contact.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { UsageError } from './failures.ts';
import { collectMetadata, parseDateValue } from './values.ts';

type NewCustomer = Parameters<Services['customers']['create']>;

/** What `customer create` takes; which of them are needed depends on the type. */
export type CustomerOptions = {
  readonly type?: 'person' | 'organisation';
  readonly givenName?: string;
  readonly familyName?: string;
  readonly dateOfBirth?: IsoDate;
  readonly legalName?: string;
  readonly registrationNumber?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly nationalId?: string;
  readonly externalId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
};

export function addCustomerOptions(command: Command): Command {
  const types = ['person', 'organisation'];
  return command
    .addOption(new Option('--type <type>', 'person, unless a legal name is given').choices(types))
    .option('--given-name <name>', 'of a person')
    .option('--family-name <name>', 'of a person')
    .option('--date-of-birth <date>', 'of a person, 18 or older', parseDateValue)
    .option('--legal-name <name>', 'of an organisation')
    .option('--registration-number <number>', 'of an organisation')
    .requiredOption('--email <email>', 'e-mail address')
    .requiredOption('--phone <number>', 'in E.164 form, like +491701234567')
    .requiredOption('--line1 <text>', 'street and house number')
    .option('--line2 <text>', 'more of the address')
    .requiredOption('--city <city>', 'city')
    .requiredOption('--postal-code <code>', 'postal code')
    .requiredOption('--country <code>', 'country code of ISO 3166-1, like DE')
    .option('--national-id <id>', 'number of the identity document')
    .option('--external-id <id>', 'id in another system')
    .option('--metadata <key=value>', 'anything else worth knowing; may be repeated', collectMetadata);
}

/** Who the customer is. Throws UsageError for what is missing, or does not belong to the type. */
export function readIdentity(options: CustomerOptions): NewCustomer[1] {
  const { givenName, familyName, dateOfBirth, legalName, registrationNumber } = options;
  const organisation = legalName !== undefined || registrationNumber !== undefined;
  const type = options.type ?? (organisation ? 'organisation' : 'person');
  if (type === 'organisation') {
    refuse(type, {
      '--given-name': givenName,
      '--family-name': familyName,
      '--date-of-birth': dateOfBirth,
    });
    return {
      type,
      legalName: demand(type, '--legal-name', legalName),
      registrationNumber: demand(type, '--registration-number', registrationNumber),
    };
  }
  refuse(type, { '--legal-name': legalName, '--registration-number': registrationNumber });
  return {
    type,
    givenName: demand(type, '--given-name', givenName),
    familyName: demand(type, '--family-name', familyName),
    dateOfBirth: demand(type, '--date-of-birth', dateOfBirth),
  };
}

/** Where the customer is reached, as it was given: the bank judges it. */
export function readDetails(options: CustomerOptions): NewCustomer[2] {
  const { email, phone, nationalId, externalId, metadata } = options;
  return { email, phone, address: readAddress(options), nationalId, externalId, metadata: metadata ?? {} };
}

function readAddress({
  line1 = '',
  line2,
  city = '',
  postalCode = '',
  country = '',
}: CustomerOptions): Address {
  return { line1, ...(line2 === undefined ? {} : { line2 }), city, postalCode, country };
}

function demand<Value>(type: string, flag: string, value: Value | undefined): Value {
  if (value === undefined) throw new UsageError(`a customer of type ${type} needs ${flag}`);
  return value;
}

function refuse(type: string, flags: Readonly<Record<string, unknown>>): void {
  for (const [flag, value] of Object.entries(flags)) {
    if (value !== undefined) throw new UsageError(`${flag} does not belong to a customer of type ${type}`);
  }
}
