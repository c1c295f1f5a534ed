/** Fields of a resource by name, as its view shows them. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields of each resource that the audit trail may keep. What is not listed is dropped, so that a field that
 * is new somewhere else never comes here by itself: a national id, a password or its hash, a TOTP secret, a key.
 * The trail is for good: list nothing that would have to be taken back.
 */
const AUDITED_FIELDS = {
  customer: [
    'type',
    'status',
    'givenName',
    'familyName',
    'dateOfBirth',
    'legalName',
    'registrationNumber',
    'email',
    'phone',
    'address',
    'externalId',
    'version',
  ],
  account: ['customerId', 'product', 'currency', 'status', 'statusReason', 'externalId', 'version'],
  account_holder: ['accountId', 'customerId', 'role'],
  beneficiary: ['customerId', 'name', 'nickname', 'iban', 'currency', 'limitPerDay', 'usableFrom', 'version'],
  transaction: ['type', 'mode', 'status', 'reverses', 'batchId'],
  transaction_batch: ['mode', 'itemCount', 'postedCount'],
  hold: ['accountId', 'status', 'placedBy', 'expiresAt', 'transactionId'],
  business_date: ['businessDate', 'datePolicy'],
  standing_order: ['accountId', 'frequency', 'startDate', 'endDate', 'nextDueDate', 'status', 'version'],
  loan_product: ['name', 'currency'],
  holiday: ['date', 'name'],
  calendar: ['weekendDays'],
  end_of_day: ['businessDate'],
  user: ['email', 'name', 'role', 'customerId', 'status', 'secondFactor', 'version'],
  session: ['userId', 'revokedAt'],
  api_key: ['name', 'prefix', 'scopes', 'expiresAt', 'revokedAt'],
  signing_key: ['kid', 'number', 'activeFrom', 'retiresAt'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AuditedResource = keyof typeof AUDITED_FIELDS;

/** Longer values are cut: the trail says what changed, it is no copy of it. */
const MAX_TEXT_LENGTH = 500;
/** An address is one level of texts, a list of scopes fifty; anything larger is no field of a form. */
const MAX_ITEMS = 50;

/** The listed fields that are there, with nothing in them but texts, numbers, booleans and null, one level deep. */
export function auditedFields(resource: AuditedResource, fields: Fields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of AUDITED_FIELDS[resource]) {
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
