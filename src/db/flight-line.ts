import type pg from 'pg';
import { rollBackOn } from './commit.ts';
import type { PostingPool } from './database.ts';
import type { Flight, Landing } from './flight.ts';

/** After failures in a row, at most as many batches go the way with locks before the next attempt. */
const MAX_DETOURS = 64;

type UnderWay = { readonly untilMs: number };

/** The connection on which flights follow one another, each sent whether those before it are answered or not. */
export class FlightLine {
  readonly #pool: PostingPool;
  readonly #underWay: UnderWay[] = [];
  #client: Promise<pg.PoolClient> | undefined;
  #hasFailed = false;
  #failuresInARow = 0;
  #detours = 0;

  constructor(pool: PostingPool) {
    this.#pool = pool;
  }

  /** Whether flights failed so often of late that the way with locks is cheaper: others post to the same accounts. */
  get isOff(): boolean {
    return this.#detours > 0;
  }

  /** Another batch went the way with locks. */
  noteDetour(): void {
    if (this.#detours > 0) this.#detours -= 1;
  }

  /**
   * Sends a flight, which is cut off with its connection at `untilMs` (of the clock's `monotonicMs`). Never rejects.
   */
  async send(flight: Flight, untilMs: number): Promise<Landing> {
    const underWay = { untilMs };
    this.#underWay.push(underWay);
    const landing = await this.#send(flight, untilMs);
    this.#underWay.splice(this.#underWay.indexOf(underWay), 1);
    if (landing.status === 'landed') this.#failuresInARow = 0;
    else this.#noteFailure(landing);
    await this.#next(landing);
    return landing;
  }

  async #send(flight: Flight, untilMs: number): Promise<Landing> {
    try {
      this.#client ??= this.#pool.connect(untilMs);
      return await flight.send(await this.#client);
    } catch (error) {
      return { status: 'failed', error, isStale: false };
    }
  }

  #noteFailure(landing: Landing): void {
    if (!this.#hasFailed && landing.status === 'failed' && landing.isStale) {
      this.#detours = Math.min(2 ** this.#failuresInARow, MAX_DETOURS);
      this.#failuresInARow += 1;
    }
    this.#hasFailed = true;
  }

  /** The next flight under way has its own time; after the last the connection goes back. */
  async #next(landing: Landing): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const [next] = this.#underWay;
    if (next !== undefined) {
      this.#pool.holdUntil(await client, next.untilMs);
      return;
    }
    this.#client = undefined;
    const hasFailed = this.#hasFailed;
    this.#hasFailed = false;
    await giveBack(client, landing, hasFailed);
  }
}

async function giveBack(client: Promise<pg.PoolClient>, landing: Landing, hasFailed: boolean): Promise<void> {
  let connected: pg.PoolClient;
  try {
    connected = await client;
  } catch {
    return;
  }
  if (landing.status === 'unknown') connected.release(true);
  else if (hasFailed) await rollBackOn(connected);
  else connected.release();
}
