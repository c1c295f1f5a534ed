/** Why the file system refused something, by Node's code, as a person would say it. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be read or written by this account',
  EDQUOT: 'the disk is full',
  EEXIST: 'it is there already',
  EISDIR: 'it is a directory',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such file',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is not a directory',
  EPERM: 'it may not be read or written by this account',
  EROFS: 'the file system is read-only',
};

/** Why a file cannot be used, in words: `there is no such file`. Undefined for any other error. */
export function fileProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return REASONS[error.code];
}
