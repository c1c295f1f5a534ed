// Statements: the lines of an account on paper and in files; numbered ones are kept as they were made.

export type { StatementDocument } from './document.ts';
export { STATEMENT_FILES, type StatementFileFormat } from './formats/files.ts';
export { statementJson } from './formats/json.ts';
export { STATEMENT_LAWS } from './laws.ts';
export { statementsStep } from './step.ts';
