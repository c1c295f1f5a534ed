import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { versionConflict } from '#lib/errors.ts';
import { httpError } from './errors.ts';

/** For `schema.headers` of a PATCH: documents the header, which requireIfMatch reads. */
export const IfMatchHeaders = Type.Object({
  'If-Match': Type.String({
    description: 'The ETag of the resource as it was read, or *.',
    examples: ['"3"'],
  }),
});

/** The same for an act that may be called without it, which optionalIfMatch reads. */
export const OptionalIfMatchHeaders = Type.Object({
  'If-Match': Type.Optional(IfMatchHeaders.properties['If-Match']),
});

/** Versions count changes of one row: 15 digits are never reached, and exact in a number. */
const ETAG = /^"(0|[1-9]\d{0,14})"$/;

/** The ETag of a version: `"3"`. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** The view of a resource, with its version as the ETag of the answer. */
export function etagged<Row extends { readonly version: number }, View>(
  reply: FastifyReply,
  row: Row,
  view: (row: Row) => View,
): View {
  reply.header('etag', etagOf(row.version));
  return view(row);
}

/**
 * The version that the caller read, or `*` for any. Throws 428 `precondition_required` without If-Match, and 412
 * `version_conflict` for a text that no version has (weak tags never match, RFC 9110 13.1.1).
 */
export function requireIfMatch(request: { readonly raw: IncomingMessage }): number | '*' {
  const text = request.raw.headers['if-match'];
  if (text === undefined) {
    throw httpError('precondition_required');
  }
  if (text === '*') return '*';
  const version = ETAG.exec(text)?.[1];
  if (version === undefined) throw versionConflict();
  return Number(version);
}

/** The version that the caller read, if it says one. Throws 412 `version_conflict` for a text that no version has. */
export function optionalIfMatch(request: { readonly raw: IncomingMessage }): number | '*' | undefined {
  return request.raw.headers['if-match'] === undefined ? undefined : requireIfMatch(request);
}
