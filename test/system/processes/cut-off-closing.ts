import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createServices, LAWS } from '#bank/services.ts';
import { type Db, openDatabase } from '#db/database.ts';
import { SeededRandom } from '#demo/random.ts';
import { verifyLaws } from '#ledger/verify.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { withContext } from '../../../bench/host/with-context.ts';
import { type DueBank, hashState } from './due-bank.ts';
import { type FlorinProcess, Installation, type Scope } from './florin-process.ts';

/** As the command line closes dates. */
const CALLER = { actor: 'cli', role: 'operator' } as const;
/** Long enough for eight processes that start on a machine with other work. */
const END_TIMEOUT_MS = 300_000;
/** Every how many points the laws are checked too: they take longer than the rest. */
const POINTS_A_PROOF = 4;

type Clean = { readonly state: Awaited<ReturnType<typeof hashState>>; readonly work: number };

/** Closes the dates of copies of a bank with processes that are cut off on the way, and compares what they leave. */
export class CutOffClosing {
  readonly #bank: DueBank;
  readonly #until: IsoDate;
  readonly #installation: Installation;
  readonly #random = new SeededRandom(50);
  #clean: Clean | undefined;

  constructor(bank: DueBank, until: IsoDate, scope: Scope) {
    this.#bank = bank;
    this.#until = until;
    this.#installation = new Installation(scope);
    scope.after(bank.drop);
  }

  /** A clean run: what it leaves, and how much its process had to do. `look` says that it was worth it. */
  async runClean(look: (db: Db) => Promise<void>): Promise<void> {
    await this.#onCopy(async (databaseUrl, db) => {
      const startedMs = performance.now();
      const florin = this.#closeDates(databaseUrl);
      while ((await progressOf(db)) === 'nothing begun' && florin.isRunning) await sleep(5);
      const firstMs = performance.now() - startedMs;
      await assertEnds(florin);
      const endMs = performance.now() - startedMs;
      console.log(
        `a clean run: first step after ${Math.round(firstMs)} ms, end after ${Math.round(endMs)} ms`,
      );
      await look(db);
      await assertVerified(db);
      this.#clean = { state: await hashState(db), work: await workDone(db) };
    });
  }

  /** Kills a process at each of some points of its work, goes on, and compares. `say` gets where each was cut off. */
  async cutOffAt(points: number, say: (line: string) => void): Promise<void> {
    const clean = this.#cleanRun();
    let cutOff = 0;
    for (let point = 1; point <= points; point += 1) {
      const share = this.#random.between(0, 900) / 1_000;
      await this.#onCopy(async (databaseUrl, db) => {
        const florin = this.#closeDates(databaseUrl);
        while ((await workDone(db)) < clean.work * share && florin.isRunning) await sleep(1);
        await florin.kill();
        const at = await progressOf(db);
        if (at !== 'nothing begun') cutOff += 1;
        await this.#assertDone(databaseUrl);
        assert.deepEqual(await hashState(db), clean.state, `cut off at ${at}`);
        if (point % POINTS_A_PROOF === 0) await assertVerified(db);
        say(`cut off at ${at}`);
      });
    }
    assert.ok(cutOff * 2 > points, `${cutOff} of ${points} were cut off on the way`);
  }

  /** Several processes at once, and once more, leave what one clean run leaves. */
  async closeAtOnce(count: number): Promise<void> {
    const { state } = this.#cleanRun();
    await this.#onCopy(async (databaseUrl, db) => {
      const processes = Array.from({ length: count }, () => this.#closeDates(databaseUrl));
      await assertEnds(...processes);
      assert.deepEqual(await hashState(db), state);
      await this.#assertDone(databaseUrl);
      assert.deepEqual(await hashState(db), state);
      await assertVerified(db);
    });
  }

  #cleanRun(): Clean {
    assert.ok(this.#clean !== undefined, 'a clean run comes first');
    return this.#clean;
  }

  /** Runs work on a copy of the bank, with a connection to look at it. */
  async #onCopy(work: (databaseUrl: string, db: Db) => Promise<void>): Promise<void> {
    const { databaseUrl, drop } = await createTestDatabase(this.#bank.databaseUrl);
    const { db, close } = openDatabase({ databaseUrl, poolSize: 2 });
    try {
      await work(databaseUrl, db);
    } finally {
      await close();
      await drop();
    }
  }

  #closeDates(databaseUrl: string): FlorinProcess {
    return this.#installation.run(['end-of-day', '--until', this.#until], { DATABASE_URL: databaseUrl });
  }

  /** Goes on where a process was cut off, in this one: that takes less than to start another. */
  async #assertDone(databaseUrl: string): Promise<void> {
    await withContext({ databaseUrl, dataKey: TEST_DATA_KEY }, async (context) => {
      const services = createServices(context);
      const { isDone } = await services.endOfDay.closeThrough(CALLER, this.#until);
      assert.ok(isDone);
      await services.drain();
    });
  }
}

async function assertEnds(...processes: readonly FlorinProcess[]): Promise<void> {
  const deadlineMs = performance.now() + END_TIMEOUT_MS;
  while (processes.some(({ isRunning }) => isRunning) && performance.now() < deadlineMs) await sleep(20);
  for (const florin of processes) {
    assert.deepEqual(await florin.ended(), { exitCode: 0, signal: null }, florin.stderr);
  }
}

async function assertVerified(db: Db): Promise<void> {
  const broken = (await verifyLaws(db, 1, LAWS)).filter(({ brokenBy }) => brokenBy !== undefined);
  assert.deepEqual(broken, []);
}

/** How far the dates are: steps that are done and those that are begun. */
async function progressOf(db: Db): Promise<string> {
  const { rows } = await sql<{ at: string }>`
    select coalesce(string_agg(business_date || ' ' || name || ' ' || processed, ', '), 'nothing begun') as at
    from end_of_day_steps where status = 'running'
      or (business_date, step_number) in (select business_date, min(step_number) from end_of_day_steps
        where status <> 'completed' group by 1)`.execute(db);
  return rows[0]!.at;
}

/** A step that has little to do takes as long as some fifty accounts of another. */
const WORK_A_STEP = 50;

/**
 * How many units of work and steps are done: it grows alike on every machine, however fast that is. The step of balances
 * counts whole chunks, however few accounts they have.
 */
async function workDone(db: Db): Promise<number> {
  const { rows } = await sql<{ done: number }>`
    select (coalesce(sum(processed) filter (where name <> 'balances'), 0)
      + ${WORK_A_STEP} * count(*) filter (where status = 'completed'))::int as done
    from end_of_day_steps`.execute(db);
  return rows[0]!.done;
}
