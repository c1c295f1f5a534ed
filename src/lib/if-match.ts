import { versionConflict } from './errors.ts';

/** The versions that a caller read, as If-Match names them; `*` is any. */
export type IfMatch = '*' | number | readonly number[];

/** Throws 412 `version_conflict` when the caller read other versions. */
export function assertMatch(read: IfMatch, version: number): void {
  if (read === '*' || read === version) return;
  if (typeof read === 'number' || !read.includes(version)) throw versionConflict();
}
