export type { Progress } from './berka/progress.ts';
export type { BerkaSummary } from './berka/summary.ts';
export { ImportFailedError } from './errors.ts';
export type { BerkaOptions } from './service.ts';
export { importBerka } from './service.ts';
