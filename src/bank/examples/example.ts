import { exampleId } from '#http/schemas.ts';

/** The example of a request body, by operationId. */
export type RequestExamples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Ids of the demo bank: Mehmet Yılmaz and his current account. */
export const CUSTOMER = exampleId('customer');
export const ACCOUNT = exampleId('account');

/** His savings, and Anna Sommer with her current account. */
export const SAVINGS = 'acc_01hk4jzh05e00bpagfg2cddcsk';
export const OTHER_CUSTOMER = 'cus_01hk4jzh00e009x63yh8a3z8rc';
export const OTHER_IBAN = 'DE88100100101000000001';
