// Conversions: money of one currency that is turned into another.

export { CONVERSION_LAWS } from './laws.ts';
