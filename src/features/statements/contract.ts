// Statements: the lines of an account on paper and in files; numbered ones are kept as they were made.

export { STATEMENT_LAWS } from './laws.ts';
export { lineCells } from './line-cells.ts';
export { statementsStep } from './step.ts';
