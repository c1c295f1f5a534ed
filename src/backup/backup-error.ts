/** Errors of a backup, its file, or the database to restore it into. Stable. */
export type BackupErrorCode =
  | 'backup_changed'
  | 'backup_cut_off'
  | 'backup_not_written'
  | 'backup_too_new'
  | 'database_changing'
  | 'database_not_empty'
  | 'file_exists'
  | 'no_bank'
  | 'not_a_backup'
  | 'wrong_data_key';

/** A backup or a restore that was refused or failed: one line for the operator. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
