import { DataKey } from '#lib/data-key.ts';

/** The data key of every benchmark database, so that all processes of a run open what the others sealed. */
export const BENCH_DATA_KEY_TEXT = 'YmVuY2htYXJrLWRhdGEta2V5LW9mLW5vLXNlY3JldHM';
export const BENCH_DATA_KEY = DataKey.fromText(BENCH_DATA_KEY_TEXT);
