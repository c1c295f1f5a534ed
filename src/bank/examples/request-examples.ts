import { BANK_EXAMPLES } from './bank.ts';
import { CUSTOMER_EXAMPLES } from './customers.ts';
import type { RequestExamples } from './example.ts';
import { IDENTITY_EXAMPLES } from './identity.ts';
import { LENDING_EXAMPLES } from './lending.ts';
import { PAYMENT_EXAMPLES } from './payments.ts';

/**
 * What the document shows of each request body: one that the server takes as it stands, once its ids are those of the
 * reader's bank. An operation with a body that is missing here keeps the server from starting. The tests of the audit
 * trail send each of them.
 */
export const REQUEST_EXAMPLES: RequestExamples = {
  ...CUSTOMER_EXAMPLES,
  ...PAYMENT_EXAMPLES,
  ...LENDING_EXAMPLES,
  ...BANK_EXAMPLES,
  ...IDENTITY_EXAMPLES,
};
