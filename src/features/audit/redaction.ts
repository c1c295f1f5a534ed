import type { Fields } from './fields.ts';
import type { PersonalSeal, SealedFields } from './personal.ts';

/**
 * The fields of each resource that the audit trail may keep. What is not listed is dropped, so that a field that
 * is new somewhere else never comes here by itself: a national id, a password or its hash, a TOTP secret, a key.
 * The trail is permanent: list nothing that would have to be taken back.
 */
export const AUDITED_FIELDS = {
  customer: ['type', 'status', 'version', 'reason', 'overrideRetention'],
  account: ['customerId', 'product', 'currency', 'status', 'frozen', 'version'],
  account_holder: ['accountId', 'customerId', 'role'],
  holder_invitation: ['accountId', 'customerId', 'role', 'status'],
  beneficiary: ['customerId', 'currency', 'limitPerDay', 'usableFrom', 'version'],
  outgoing_payment: ['status'],
  payment_submission: ['message', 'paymentCount'],
  incoming_payment: ['status', 'problem', 'accountId'],
  transaction: ['type', 'mode', 'status', 'reverses', 'batchId', 'source', 'rates'],
  transaction_batch: ['mode', 'itemCount', 'postedCount'],
  hold: ['accountId', 'status', 'placedBy', 'expiresAt', 'transactionId', 'version'],
  attachment: ['accountId', 'status', 'reasonCode'],
  capture_settlement: ['currency', 'itemCount'],
  fee: ['accountId', 'status'],
  product: [
    'product',
    'currency',
    'kind',
    'name',
    'status',
    'captureTolerancePercent',
    'requiredDetails',
    'version',
    'effectiveFrom',
    'appliesTo',
    'overdraft',
    'eligibility',
    'interest',
    'deposit',
  ],
  deposit: [
    'customerId',
    'product',
    'currency',
    'rate',
    'term',
    'maturesOn',
    'payoutAccountId',
    'onMaturity',
    'renewalProduct',
    'renewalTerm',
    'status',
    'version',
  ],
  exchange_rate: ['validOn', 'pair', 'bid', 'ask', 'mid'],
  reference_rate: ['validFrom', 'rate'],
  role_limits: ['currency', 'validFrom', 'perTransaction', 'perDay'],
  limits: ['currency', 'product', 'perTransaction', 'perDay', 'newBeneficiaryPerDay', 'ownTransfersCount'],
  loan_product: ['name', 'currency'],
  loan: [
    'customerId',
    'accountId',
    'productId',
    'status',
    'scheduleVersion',
    'directDebit',
    'officer',
    'version',
  ],
  gl_account: ['name', 'class', 'parent', 'manualPosting', 'control', 'retired', 'version'],
  report_layout: ['rows'],
  accounting_period: ['status'],
  accounting_year: ['status', 'entry'],
  journal_entry: ['kind', 'valueDate', 'reverses', 'year'],
  bank: ['name', 'bic', 'addressLine1', 'addressLine2', 'postalCode', 'city', 'supervisoryIds'],
  currency: ['currency'],
  business_date: ['businessDate', 'datePolicy'],
  standing_order: [
    'accountId',
    'frequency',
    'businessDays',
    'startDate',
    'endDate',
    'nextDueDate',
    'status',
    'suspendedFor',
    'version',
  ],
  holiday: ['date', 'name'],
  calendar: ['weekendDays'],
  end_of_day: ['businessDate'],
  user: [
    'email',
    'name',
    'role',
    'customerId',
    'status',
    'secondFactor',
    'mustChangePassword',
    'version',
    'sessionId',
    'emailHash',
    'failedAttempts',
  ],
  login_policy: ['staffSecondFactor', 'changeFirstPassword'],
  session: ['userId'],
  api_key: [
    'name',
    'prefix',
    'scopes',
    'accounts',
    'customers',
    'largestAmount',
    'networks',
    'expiresAt',
    'revokedAt',
    'clientId',
    'successorId',
  ],
  signing_key: ['activeFrom', 'immediately'],
  data_key: ['nationalIds', 'identifiers', 'secondFactors', 'signingKeys', 'answers'],
  state_sheet: ['rowCount', 'sha256'],
  import: ['customers', 'accounts', 'loans', 'transactions'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AuditedResource = keyof typeof AUDITED_FIELDS;

/**
 * Those that are about a person, or that somebody typed and that may say anything about one: kept sealed, and only where
 * the record brings a seal that goes with the person.
 */
const PERSONAL_FIELDS: Readonly<Partial<Record<AuditedResource, readonly string[]>>> = {
  customer: [
    'givenName',
    'familyName',
    'dateOfBirth',
    'legalName',
    'registrationNumber',
    'email',
    'phone',
    'address',
    'externalId',
    'deceasedOn',
    'deathReason',
  ],
  account: ['statusReason', 'customerReason', 'reason', 'externalId'],
  beneficiary: ['name', 'nickname', 'iban', 'account'],
  hold: ['reason'],
  attachment: ['legalReference', 'reason'],
  deposit: ['reason', 'customerReason'],
  fee: ['reason', 'customerReason'],
  outgoing_payment: ['reason', 'customerReason'],
  loan: ['reason', 'customerReason'],
  transaction: ['reason', 'customerReason', 'executorName', 'overdrawReason'],
  incoming_payment: ['externalReference', 'reason', 'customerReason', 'overdrawReason'],
};

/** Longer values are cut: the trail says what changed, it does not copy it. */
const MAX_TEXT_LENGTH = 500;
/** An address is one level of texts, a list of scopes fifty; anything larger is not a field of a form. */
const MAX_ITEMS = 50;

/** The listed fields that are there, with nothing in them but texts, numbers, booleans and null, one level deep. */
export function auditedFields(
  resource: AuditedResource,
  fields: Fields,
  seal?: PersonalSeal,
): Record<string, unknown> {
  const kept = pick(AUDITED_FIELDS[resource], fields);
  const personal = pick(PERSONAL_FIELDS[resource] ?? [], fields);
  if (seal === undefined || Object.keys(personal).length === 0) return kept;
  return { ...kept, personal: { of: seal.personId, sealed: seal.seal(personal) } satisfies SealedFields };
}

function pick(names: readonly string[], fields: Fields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined) kept[name] = plainValue(value, true);
  }
  return kept;
}

function plainValue(value: unknown, mayNest: boolean): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT_LENGTH);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (!mayNest || typeof value !== 'object') return null;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => plainValue(item, false));
  const items = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(items.map(([name, item]) => [name, plainValue(item, false)]));
}
