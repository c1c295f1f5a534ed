import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

const JSON_TYPE = 'application/json';

/** The files that routes answer with: their media type, how their names end, and whether they are text. */
const FILE_TYPES = {
  csv: { media: 'text/csv', charset: 'utf-8', ending: 'csv' },
  pdf: { media: 'application/pdf', charset: null, ending: 'pdf' },
  xml: { media: 'application/xml', charset: 'utf-8', ending: 'xml' },
  /** SWIFT's own characters are among those of ASCII. */
  mt940: { media: 'text/plain', charset: 'us-ascii', ending: 'sta' },
  ofx: { media: 'application/x-ofx', charset: null, ending: 'ofx' },
} as const;
export type FileType = keyof typeof FILE_TYPES;

/** What is in a file that a route answers with, in a sentence for the document. */
type FileContents = Partial<Readonly<Record<FileType, string>>>;

/** For `response` of a route: JSON of a schema, or the same as a file. */
export function jsonOrFile<Schema>(schema: Schema, description: string, contents: FileContents) {
  return { description, content: { [JSON_TYPE]: { schema }, ...filesOf(contents) } };
}

/** For `response` of a route that answers files alone. */
export function fileAnswer(description: string, contents: FileContents) {
  return { description, content: filesOf(contents) };
}

function filesOf(contents: FileContents) {
  const files: Record<string, { readonly schema: Readonly<Record<string, string>> }> = {};
  for (const [type, content] of Object.entries(contents)) {
    const { media } = FILE_TYPES[type as FileType];
    const binary = type === 'pdf' ? { format: 'binary' } : {};
    files[media] = { schema: { type: 'string', ...binary, description: content } };
  }
  return files;
}

/** Sends a file that a browser saves as `name` with the ending of its type. */
export function sendFile(
  reply: FastifyReply,
  name: string,
  type: FileType,
  file: string | Buffer | Readable,
): FastifyReply {
  const { media, charset, ending } = FILE_TYPES[type];
  return reply
    .header('content-disposition', `attachment; filename="${name}.${ending}"`)
    .type(charset === null ? media : `${media}; charset=${charset}`)
    .send(file);
}
