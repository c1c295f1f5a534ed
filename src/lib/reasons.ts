import { cleanText, optional } from './text.ts';

const MAX_REASON_LENGTH = 500;

/** Why the bank did something: as its staff say it among themselves, and as customers read it, if they do. */
export type Reasons = {
  readonly reason: string;
  readonly customerReason?: string | undefined;
};

/** Throws 400 `validation_failed` for an empty reason, or one of more than 500 characters. */
export function cleanReasons({ reason, customerReason }: Reasons): Reasons {
  return {
    reason: cleanText(reason, 'reason', MAX_REASON_LENGTH),
    customerReason: cleanCustomerReason(customerReason),
  };
}

/** What a customer reads, if anything. Throws 400 `validation_failed` as cleanReasons does. */
export function cleanCustomerReason(customerReason: string | undefined): string | undefined {
  return optional(customerReason, (text) => cleanText(text, 'customerReason', MAX_REASON_LENGTH));
}
