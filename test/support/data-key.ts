import { DataKey } from '#lib/data-key.ts';

/** The data key of every test bank, in this process and in those that tests start on a database of their own. */
export const TEST_DATA_KEY_TEXT = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
export const TEST_DATA_KEY = DataKey.fromText(TEST_DATA_KEY_TEXT);
