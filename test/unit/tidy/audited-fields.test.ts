import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUDITED_FIELDS } from '#features/audit/redaction.ts';

/** Names of fields that hold what somebody typed, or who somebody is. */
const MAY_SPEAK_OF_A_PERSON =
  /reason|name|text|note|comment|description|reference|externalId|metadata|email|phone|address|iban|birth/i;

/** Those that may stay in clear, and why they do not speak of a customer. */
const ABOUT_NOBODY: Readonly<Record<string, string>> = {
  'attachment.reasonCode': 'one of five codes',
  'bank.name': 'of the bank',
  'bank.addressLine1': 'of the bank',
  'bank.addressLine2': 'of the bank',
  'gl_account.name': 'of a line of the chart',
  'customer.reason': 'the legal basis of an erasure, which the API asks to name nobody',
  'holiday.name': 'of a day',
  'loan_product.name': 'of a product',
  'product.name': 'of a product',
  'reference_rate.validFrom': 'of a rate',
  'reference_rate.rate': 'of a rate',
  'api_key.name': 'of a service',
  'user.email': 'of staff: left out for a customer’s user',
  'user.name': 'of staff: left out for a customer’s user',
  'user.emailHash': 'a keyed hash',
};

test('what may speak of a person stands in the audit trail only sealed', () => {
  const inClear = Object.entries(AUDITED_FIELDS).flatMap(([resource, fields]) =>
    fields.map((field) => `${resource}.${field}`).filter((name) => MAY_SPEAK_OF_A_PERSON.test(name)),
  );
  assert.deepEqual(
    inClear.filter((name) => ABOUT_NOBODY[name] === undefined),
    [],
    'list these in PERSONAL_FIELDS, and give the record the seal of the customer',
  );
});
