import type { StatementDocument } from '../document.ts';
import { statementCamt } from './camt.ts';
import { statementCsv } from './csv.ts';
import { statementMt940 } from './mt940.ts';
import { statementOfx } from './ofx.ts';

type WriteStatement = (document: StatementDocument) => AsyncGenerator<string, void>;

/** Writes a statement as a file, in pieces: a million lines take no more memory than a page. */
export const STATEMENT_FILES = {
  csv: (document) => statementCsv(document, 'csv'),
  csv_semicolon: (document) => statementCsv(document, 'csv_semicolon'),
  camt053: (document) => statementCamt(document, 'camt053'),
  camt052: (document) => statementCamt(document, 'camt052'),
  camt054: (document) => statementCamt(document, 'camt054'),
  mt940: statementMt940,
  ofx: (document) => statementOfx(document, 'ofx'),
  ofx1: (document) => statementOfx(document, 'ofx1'),
} as const satisfies Record<string, WriteStatement>;
export type StatementFileFormat = keyof typeof STATEMENT_FILES;
