import type { SeededRandom } from '#demo/random.ts';
import type { Ask, Movement } from '../records.ts';
import type { Heard } from './request-log.ts';

/** A request under its key; `twice`: sent a second time before the first has its answer, as by a double click. */
export type Wish = { readonly key: string; readonly ask: Ask; readonly twice?: boolean };

/** Replays reach back so far, and reversals, too. */
const REMEMBERED = 500;
/** Of those without an answer, which are asked for again some day; the rest is settled in the end. */
const MAX_UNSETTLED = 2_000;

/** What comes how often, of a thousand. The rest are single deposits, withdrawals and transfers. */
const REPLAY = 50;
const RETRY = 50;
const TWICE = 30;
const REVERSAL = 60;
const BATCH = 40;
/** Of a thousand accounts that are picked. */
const HOT = 400;

const MOST_ITEMS = 30;
/** More than most accounts have: some withdrawals and transfers are refused for lack of funds. */
const MOST_MINOR = 50_000n;

/**
 * The clients' requests, each client's from its own seed. Only the replays depend on the answers,
 * the rest is determined by the seed.
 */
export class Traffic {
  readonly #accounts: readonly string[];
  readonly #hotAccounts: number;
  readonly #acknowledged: Wish[] = [];
  readonly #reversible: string[] = [];
  readonly #unsettled: Wish[] = [];

  constructor(accounts: readonly string[], hotAccounts: number) {
    this.#accounts = accounts;
    this.#hotAccounts = hotAccounts;
  }

  /** The next request of a client, under `key` unless it repeats an earlier one. */
  next(random: SeededRandom, key: string): Wish {
    if (this.#acknowledged.length > 0 && random.chance(REPLAY)) return random.pick(this.#acknowledged);
    if (this.#unsettled.length > 0 && random.chance(RETRY)) return this.#takeUnsettled(random);
    if (this.#reversible.length > 0 && random.chance(REVERSAL)) {
      return { key, ask: { type: 'reversal', transactionId: random.pick(this.#reversible) } };
    }
    if (random.chance(BATCH)) return { key, ask: this.#batch(random) };
    return { key, ask: this.#movement(random), twice: random.chance(TWICE) };
  }

  /** Takes note of an answer, for replays and reversals to come. */
  heard(wish: Wish, { outcome, id }: Heard): void {
    if (outcome === 'ok') {
      remember(this.#acknowledged, { ...wish, twice: false });
      if (wish.ask.type !== 'batch' && wish.ask.type !== 'reversal' && id !== undefined) {
        remember(this.#reversible, id);
      }
    } else if (outcome === 'unknown' && this.#unsettled.length < MAX_UNSETTLED) {
      this.#unsettled.push({ ...wish, twice: false });
    }
  }

  #takeUnsettled(random: SeededRandom): Wish {
    const at = random.between(0, this.#unsettled.length - 1);
    const [wish] = this.#unsettled.splice(at, 1);
    if (wish === undefined) throw new RangeError('there is nothing to take');
    return wish;
  }

  #batch(random: SeededRandom): Ask {
    const count = random.between(2, MOST_ITEMS);
    const items = Array.from({ length: count }, () => this.#movement(random));
    return { type: 'batch', mode: random.chance(500) ? 'atomic' : 'independent', items };
  }

  #movement(random: SeededRandom): Movement {
    const amount = inMajorUnits(random.amount(1n, MOST_MINOR));
    const accountId = this.#account(random);
    const type = random.pick(['deposit', 'deposit', 'withdrawal', 'transfer', 'transfer', 'transfer']);
    if (type === 'deposit' || type === 'withdrawal') return { type, accountId, amount };
    let toAccountId = this.#account(random);
    while (toAccountId === accountId) toAccountId = this.#account(random);
    return { type: 'transfer', fromAccountId: accountId, toAccountId, amount };
  }

  #account(random: SeededRandom): string {
    const isHot = random.chance(HOT);
    return random.pick(isHot ? this.#accounts.slice(0, this.#hotAccounts) : this.#accounts);
  }
}

/** The accounts that a request is about; none where it does not name them. */
export function accountsOf(ask: Ask): string[] {
  if (ask.type === 'transfer') return [ask.fromAccountId, ask.toAccountId];
  return ask.type === 'deposit' || ask.type === 'withdrawal' ? [ask.accountId] : [];
}

function remember<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > REMEMBERED) list.shift();
}

function inMajorUnits(amountMinor: bigint): string {
  const digits = String(amountMinor).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
