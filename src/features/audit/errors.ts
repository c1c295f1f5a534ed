import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What the audit trail may answer. */
export const AUDIT_ERRORS = {
  audit_row_not_sealed: {
    status: 409,
    message: 'The row waits to be sealed.',
    meaning: 'It was written within the last seconds, and no block has it yet.',
    action: 'Ask again in a second.',
    retryAfterSeconds: 1,
  },
  audit_row_in_no_block: {
    status: 409,
    message: 'The row is in no block, and does not wait for one.',
    meaning: 'It was put in by something other than the bank, or its block was removed.',
    action: 'Run `florin audit verify`: the trail was changed from outside.',
  },
} as const satisfies ErrorTable;

export const auditError = errorsOf(AUDIT_ERRORS);
