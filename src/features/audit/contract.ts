// The audit trail: who did what, sealed into blocks that chain by hash.

export { changedFields } from './changed-fields.ts';
export type { Checkpoint } from './checkpoint.ts';
export { CheckpointError, exportCheckpoint, readCheckpoint } from './checkpoint.ts';
export { findLastSheetNumber } from './last-sheet.ts';
export { SEQUENCE_LAWS } from './laws.ts';
export type { OpenPersonalFields, PersonalSeal } from './personal.ts';
export { sealedAddress } from './personal.ts';
export type { AuditContext, AuditedCaller, AuditRecord } from './record.ts';
export { recordAudit, recordAudits } from './record.ts';
export { Sealer, sealAll } from './sealer.ts';
export { Sequencer, sequenceAll } from './sequencer.ts';
export { countSealed } from './verify-lists.ts';
export type { Finding, TrailReport } from './verify-trail.ts';
export { verifyTrail } from './verify-trail.ts';
