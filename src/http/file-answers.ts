import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

const JSON_TYPE = 'application/json';
const CSV = 'text/csv';
const PDF = 'application/pdf';

/** What is in a file that a route answers with, in a sentence for the document. */
type FileContents = { readonly csv?: string; readonly pdf?: string };

/** For `response` of a route: JSON of a schema, or the same as a file. */
export function jsonOrFile<Schema>(schema: Schema, description: string, { csv, pdf }: FileContents) {
  const files: Record<string, { readonly schema: Readonly<Record<string, string>> }> = {};
  if (csv !== undefined) files[CSV] = { schema: { type: 'string', description: csv } };
  if (pdf !== undefined) files[PDF] = { schema: { type: 'string', format: 'binary', description: pdf } };
  return { description, content: { [JSON_TYPE]: { schema }, ...files } };
}

/** Sends a file that a browser saves as `name` with the ending of its format. */
export function sendFile(
  reply: FastifyReply,
  name: string,
  format: 'csv' | 'pdf',
  file: string | Buffer | Readable,
): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .type(format === 'csv' ? `${CSV}; charset=utf-8` : PDF)
    .send(file);
}
