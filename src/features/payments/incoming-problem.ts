import type { RefusalCode } from '#ledger/entry.ts';
import type { IncomingProblem } from './incoming-payment.ts';

/** Why money cannot be credited to an account, where it goes to suspense then; undefined for other refusals. */
export function problemOf(code: RefusalCode): IncomingProblem | undefined {
  switch (code) {
    case 'account_closed':
    case 'account_frozen':
    case 'currency_mismatch':
    case 'balance_overflow':
    case 'business_date_closed':
      return code;
    default:
      return undefined;
  }
}
