import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Checkpoint, Finding, TrailReport } from '#features/audit/contract.ts';
import { CommandFailedError, UsageError } from '../failures.ts';
import { readTextFile } from '../input-files.ts';
import { ProgressBar } from '../progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { collect } from '../values.ts';
import { withBank } from '../with-bank.ts';

/** `audit verify|export-checkpoint`. */
export function addAuditCommands(program: Command, shell: Shell): void {
  const audit = program
    .command('audit')
    .description('the trail of all acts and their callers, sealed with the journal');
  audit
    .command('verify')
    .description(
      'recompute every hash of the trail; exit 1 names up to 100 rows that are not as they were sealed',
    )
    .option(
      '--checkpoint <file>',
      'an exported checkpoint the trail must agree with; several may be given',
      collect,
    )
    .option('--json', 'print JSON')
    .action((options: VerifyOptions) => verifyAudit(shell, options));
  audit
    .command('export-checkpoint')
    .description(
      'seal what is there and sign the end of the trail: keep it where nobody of this bank can change it',
    )
    .option('--out <file>', 'write it to this new file instead of standard output')
    .action((options: ExportOptions) => exportAuditCheckpoint(shell, options));
}

type VerifyOptions = OutputOptions & { readonly checkpoint?: readonly string[] };
type ExportOptions = { readonly out?: string };

async function verifyAudit(shell: Shell, options: VerifyOptions): Promise<void> {
  const checkpoints = await Promise.all((options.checkpoint ?? []).map(readCheckpointFile));
  const bar = new ProgressBar(shell, { isQuiet: true });
  const report = await withBank(
    shell,
    async ({ services: { context } }) => {
      const { countSealed, verifyTrail } = await import('#features/audit/contract.ts');
      const total = await countSealed(context.db, context.bookId);
      const onRows = (rowCount: number): void => bar.update('rows of the trail', rowCount, total);
      return verifyTrail(context.db, context.bookId, { checkpoints, dataKey: context.dataKey, onRows });
    },
    { longWork: true },
  ).finally(() => bar.end());
  const { finding, findings } = report;
  await shell.show(options, { ok: finding === undefined, ...report, finding: finding ?? null }, () =>
    describeReport(report, checkpoints.length),
  );
  if (finding !== undefined) {
    const more = findings.length - 1;
    const others = more === 0 ? '' : `, and ${more} more on standard output`;
    throw new CommandFailedError('audit_trail_broken', `${describeFinding(finding)}${others}`);
  }
}

async function readCheckpointFile(file: string): Promise<Checkpoint> {
  const [{ BOOK_ID }, { CheckpointError, readCheckpoint }] = await Promise.all([
    import('#db/database.ts'),
    import('#features/audit/contract.ts'),
  ]);
  const text = await readTextFile(file).catch((error: Error) => {
    throw new UsageError(error.message);
  });
  try {
    const checkpoint = readCheckpoint(text);
    if (checkpoint.bookId === BOOK_ID) return checkpoint;
    throw new CheckpointError(`it is of book ${checkpoint.bookId}, and this is book ${BOOK_ID}`);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new UsageError(`${file} is not a checkpoint to check against: ${error.message}`);
  }
}

function describeReport(report: TrailReport, checkpoints: number): string {
  const { blockCount, rowCount, fingerprintCount, unsealedCount, findings } = report;
  const counts = `${rowCount} rows in ${blockCount} blocks, and ${fingerprintCount} fingerprints,`;
  if (findings.length > 0) {
    const lines = findings.map((finding) => `BROKEN  ${describeFinding(finding)}`);
    return [...lines, `        in ${counts.slice(0, -1)}`].join('\n');
  }
  const against =
    checkpoints === 0 ? '' : `, and ${checkpoints} checkpoint${checkpoints === 1 ? '' : 's'} agree`;
  const waiting = unsealedCount === 0 ? '' : `\n        ${unsealedCount} rows wait to be sealed`;
  return `ok      ${counts} are as they were sealed${against}${waiting}`;
}

function describeFinding(finding: Finding): string {
  const { reason, blockNumber, position, rowKind, rowId, tableName, sheetNumber } = finding;
  const kind = tableName ?? (rowKind === 'audit' ? 'audit row' : 'journal entry');
  const places = [
    rowId === undefined ? [] : [`${kind} ${rowId}`],
    sheetNumber === undefined ? [] : [`sheet ${sheetNumber}`],
    position === undefined ? [] : [`position ${position}`],
    blockNumber === undefined ? [] : [`block ${blockNumber}`],
  ];
  return `${places.flat().join(', ')}: ${reason}`;
}

async function exportAuditCheckpoint(shell: Shell, { out }: ExportOptions): Promise<void> {
  const checkpoint = await withBank(
    shell,
    async ({ services: { context } }) => {
      const [{ exportCheckpoint, sealAll }, { currentSigningKey }] = await Promise.all([
        import('#features/audit/contract.ts'),
        import('#identity/tokens/contract.ts'),
      ]);
      await sealAll(context);
      return exportCheckpoint(context, await currentSigningKey(context));
    },
    { longWork: true },
  );
  if (checkpoint === undefined)
    throw new CommandFailedError('nothing_sealed', 'there is nothing to seal yet');
  if (out === undefined) {
    await shell.show({ json: true }, checkpoint, () => '');
    return;
  }
  // Never over another: the older one is worth as much.
  await writeFile(out, `${JSON.stringify(checkpoint, null, 2)}\n`, { flag: 'wx' });
}
