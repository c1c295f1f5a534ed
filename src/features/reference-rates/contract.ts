// Reference rates: the rates that terms of interest refer to, by date.

export { hasReferenceRate, loadReferenceRates } from './repository.ts';
