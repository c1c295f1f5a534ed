// The API of a Florin bank from TypeScript: docs/sdk.md.

export type { Decimal } from './decimal.ts';
export { compare, decimal, negated, sum } from './decimal.ts';
export type { CallOptions, FlorinOptions } from './florin.ts';
export { etagOf, Florin } from './florin.ts';
export type { DryRunOptions, OperationName, ProblemCodes } from './generated/operations.ts';
export type * from './generated/types.ts';
export type { Page } from './pages.ts';
export { List } from './pages.ts';
export { FlorinProblem, isProblem, NoAnswerError } from './problem.ts';
