import fc from 'fast-check';
import { chance, type Draw, pick } from './draw.ts';

/** The number of ids kept of each kind; new ones replace random old ones. Enough for resources in every state. */
const MAX_KEPT = 200;
const TYPE_ID = /^([a-z]+)_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** Fields that are not ids, and are used in later requests. */
const LEARNED_NAMES = ['iban', 'nextCursor', 'email', 'refreshToken'];
/** A well-formed id of nothing. */
const ABSENT_SUFFIX = '01h455vb4pex5vsknk084sn02q';
/** An answer of a hundred rows tells no more than this many of its ids. */
const MAX_TAKEN = 20;

/** What the bank has answered so far and later requests are made of: ids by kind, and what else is named. */
export class Pool {
  readonly #kept = new Map<string, string[]>();
  /** Of the callers themselves: who ends them ends the run. */
  readonly #spared: ReadonlySet<string>;

  constructor(spared: ReadonlySet<string>) {
    this.#spared = spared;
  }

  add(kind: string, value: string, draw: Draw): void {
    if (this.#spared.has(value)) return;
    const kept = this.#kept.get(kind) ?? [];
    this.#kept.set(kind, kept);
    if (kept.length < MAX_KEPT) kept.push(value);
    else kept[draw(fc.nat(MAX_KEPT - 1))] = value;
  }

  /** One of the kind; an absent one where there is none, and now and then. */
  id(kind: string, draw: Draw): string {
    const kept = this.#kept.get(kind) ?? [];
    return kept.length === 0 || chance(draw, 3) ? `${kind}_${ABSENT_SUFFIX}` : pick(draw, kept);
  }

  /** One of the kind, if there is any. */
  any(kind: string, draw: Draw): string | undefined {
    const kept = this.#kept.get(kind) ?? [];
    return kept.length === 0 ? undefined : pick(draw, kept);
  }

  /** Takes over what an answer tells. */
  learn(body: unknown, draw: Draw): void {
    let taken = 0;
    const walk = (value: unknown, name: string): void => {
      if (taken >= MAX_TAKEN) return;
      if (typeof value === 'string') {
        const kind = TYPE_ID.exec(value)?.[1] ?? (LEARNED_NAMES.includes(name) ? name : undefined);
        if (kind === undefined) return;
        taken += 1;
        this.add(kind, value, draw);
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, member] of Object.entries(value)) walk(member, key);
      }
    };
    walk(body, '');
  }
}
