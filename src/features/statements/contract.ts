// Statements: the lines of an account on paper and in files; numbered ones are kept as they were made.

export type { StatementDocument } from './document.ts';
export { statementCsv, statementJson } from './formats.ts';
export { STATEMENT_LAWS } from './laws.ts';
export { statementsStep } from './step.ts';
