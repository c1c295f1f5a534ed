import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { versionConflict } from '#lib/errors.ts';
import type { IfMatch } from '#lib/if-match.ts';
import { httpError } from './errors.ts';

/** For `schema.headers` of a PATCH: documents the header, which requireIfMatch reads. */
export const IfMatchHeaders = Type.Object({
  'If-Match': Type.String({
    description: 'The ETag of the resource as it was read, or *.',
    examples: ['"3"'],
  }),
});

/** For `schema.headers` of a GET that has an ETag (conditional.ts). */
export const IfNoneMatchHeaders = Type.Object({
  'If-None-Match': Type.Optional(
    Type.String({
      description: 'ETags that the client has: 304 for one of them.',
      examples: ['"3-Zk3vQ9xA"'],
    }),
  ),
});

/** The same for an act that may be called without it, which optionalIfMatch reads. */
export const OptionalIfMatchHeaders = Type.Object({
  'If-Match': Type.Optional(IfMatchHeaders.properties['If-Match']),
});

/** Versions count changes of one row: 15 digits are never reached, and exact in a number. The rest is of the answer. */
const VERSION = /^(0|[1-9]\d{0,14})(?:-[\w-]{8})?$/;
/** An entity tag in a list of them (RFC 9110, 8.8.3): its mark of weakness, and what is between the quotes. */
const ENTITY_TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;

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
 * The versions that the caller read, or `*` for any. Throws 428 `precondition_required` without If-Match, and 412
 * `version_conflict` where no version has any of its tags (weak tags never match, RFC 9110 13.1.1).
 */
export function requireIfMatch(request: { readonly raw: IncomingMessage }): IfMatch {
  const text = request.raw.headers['if-match'];
  if (text === undefined) {
    throw httpError('precondition_required');
  }
  if (text === '*') return '*';
  const versions = entityTags(text).flatMap(({ isWeak, tag }) =>
    isWeak ? [] : (VERSION.exec(tag)?.slice(1).map(Number) ?? []),
  );
  if (versions.length === 0) throw versionConflict();
  return versions;
}

/** The versions that the caller read, if it names any. Throws 412 `version_conflict` for a text that no version has. */
export function optionalIfMatch(request: { readonly raw: IncomingMessage }): IfMatch | undefined {
  return request.raw.headers['if-match'] === undefined ? undefined : requireIfMatch(request);
}

/** The tags of a list (RFC 9110, 5.6.1: empty members are allowed); none where the text is not such a list. */
export function entityTags(text: string): { readonly isWeak: boolean; readonly tag: string }[] {
  if (
    text
      .replaceAll(ENTITY_TAG, '"')
      .split(',')
      .some((member) => !/^[ \t]*"?[ \t]*$/.test(member))
  )
    return [];
  return [...text.matchAll(ENTITY_TAG)].map(([, weak, tag = '']) => ({ isWeak: weak !== undefined, tag }));
}
