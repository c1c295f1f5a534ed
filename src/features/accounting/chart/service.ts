import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { type AuditRecord, changedFields, recordAudit } from '#features/audit/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import { accountingError } from '../errors.ts';
import { Chart, type GlAccount, type GlAccountChanges, type NewGlAccount } from './gl-account.ts';
import {
  findGlAccount,
  hasBalance,
  insertGlAccount,
  listGlAccounts,
  lockChart,
  markGroup,
  selectUsedLines,
  updateGlAccount,
} from './repository.ts';

/** The chart of accounts, as the bank makes it. A change locks all lines: it is rare, and short. */
export class ChartService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** By code. */
  list(): Promise<GlAccount[]> {
    return listGlAccounts(this.#context.db, this.#context.bookId);
  }

  /** Throws 404 `not_found`. */
  async get(code: string): Promise<GlAccount> {
    const line = await findGlAccount(this.#context.db, this.#context.bookId, code);
    if (line === undefined) throw notFound();
    return line;
  }

  /** Makes a line, and a group of the line that it names as its parent. Throws as Chart.add. */
  async create(caller: Caller, request: NewGlAccount): Promise<GlAccount> {
    const { db, bookId } = this.#context;
    try {
      return await inTransaction(db, async (tx) => {
        const { chart } = await this.#lock(tx);
        const line = chart.add(request);
        await insertGlAccount(tx, bookId, line);
        if (line.parent !== undefined) await markGroup(tx, bookId, line.parent, true);
        const { name, parent, control, manualPosting } = line;
        const after = { name, class: line.class, parent, control, manualPosting };
        await this.#record(tx, caller, 'createGlAccount', line.code, { after });
        return line;
      });
    } catch (error) {
      throw violatedUnique(error) === 'gl_accounts_pkey' ? accountingError('gl_account_exists') : error;
    }
  }

  /**
   * Changes a line. Throws 404 `not_found`, 412 `version_conflict`, 409 `gl_account_in_use` for one with a balance that
   * is to be retired, and as Chart.change.
   */
  async change(caller: Caller, code: string, read: IfMatch, changes: GlAccountChanges): Promise<GlAccount> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const { chart, lines } = await this.#lock(tx);
      const before = lines.find((line) => line.code === code);
      if (before === undefined) throw notFound();
      assertMatch(read, before.version);
      const after = chart.change(before, changes);
      if (after.retired && !before.retired && (await hasBalance(tx, bookId, code))) {
        throw accountingError('gl_account_in_use', { code, why: 'has a balance' });
      }
      await updateGlAccount(tx, bookId, after);
      if (after.parent !== before.parent) await moveBetweenGroups(tx, bookId, chart, before, after);
      await this.#record(tx, caller, 'changeGlAccount', code, changedFields(before, after));
    });
    return afterCommit(() => this.get(code));
  }

  async #lock(tx: Tx): Promise<{ readonly chart: Chart; readonly lines: readonly GlAccount[] }> {
    const { bookId } = this.#context;
    const lines = await lockChart(tx, bookId);
    return { chart: new Chart(lines, await selectUsedLines(tx, bookId)), lines };
  }

  #record(
    tx: Tx,
    caller: Caller,
    operation: 'createGlAccount' | 'changeGlAccount',
    resourceId: string,
    fields: Pick<AuditRecord, 'before' | 'after'>,
  ): Promise<void> {
    return recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'gl_account',
      resourceId,
      ...fields,
    });
  }
}

async function moveBetweenGroups(
  tx: Tx,
  bookId: number,
  chart: Chart,
  before: GlAccount,
  after: GlAccount,
): Promise<void> {
  if (before.parent !== undefined && !chart.hasOthersBelow(before.parent, before.code)) {
    await markGroup(tx, bookId, before.parent, false);
  }
  if (after.parent !== undefined) await markGroup(tx, bookId, after.parent, true);
}
