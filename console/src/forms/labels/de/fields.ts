import { FIELDS_A_E } from './fields-a-e.ts';
import { FIELDS_F_O } from './fields-f-o.ts';
import { FIELDS_P_Z } from './fields-p-z.ts';

/** Fields in German, by their name in the document. */
export const FIELDS: Readonly<Record<string, string>> = { ...FIELDS_A_E, ...FIELDS_F_O, ...FIELDS_P_Z };
