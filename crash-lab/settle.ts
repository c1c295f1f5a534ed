import { setTimeout as sleep } from 'node:timers/promises';
import { BankClient } from './load/bank-client.ts';
import type { Heard, RequestLog } from './load/request-log.ts';
import type { Request } from './model/requests.ts';

/** Enough to share commits, few enough that nothing is refused for want of room. */
const AT_ONCE = 16;
/** A bank in order settles a key at once; it may be busy for a moment after the last fault. */
const MAX_ATTEMPTS = 20;
const PAUSE_MS = 500;
/** Of those that were acknowledged, from all of the run: the same answer must come again. */
const SAMPLE = 300;

export type Settled = {
  /** Keys that nobody knew about. */
  readonly unknown: number;
  /** Of these: had happened, had not and did now, had not and were refused now. */
  readonly happened: number;
  readonly posted: number;
  readonly refused: number;
  /** Acknowledged ones that were asked for again. */
  readonly repeated: number;
};

/** Repeats each key without an answer until it has one, and a sample of the others. All of it goes into the log. */
export async function settle(
  requests: ReadonlyMap<string, Request>,
  { url, token, log }: { readonly url: string; readonly token: string; readonly log: RequestLog },
): Promise<Settled> {
  const bank = new BankClient(url, token, log);
  const counts = { unknown: 0, happened: 0, posted: 0, refused: 0, repeated: 0 };
  const all = [...requests.values()];
  const unknown = all.filter(({ ok, unknown: missed }) => ok.length === 0 && missed > 0);
  const acknowledged = all.filter(({ ok }) => ok.length > 0);
  const step = Math.max(1, Math.floor(acknowledged.length / SAMPLE));
  const sample = acknowledged.filter((_, index) => index % step === 0);
  await forEach(unknown, async (request) => {
    const { outcome, replayed } = await askUntilAnswered(bank, request);
    counts.unknown += 1;
    if (outcome === 'ok') counts[replayed === true ? 'happened' : 'posted'] += 1;
    else if (outcome === 'refused') counts.refused += 1;
  });
  await forEach(sample, async (request) => {
    await askUntilAnswered(bank, request);
    counts.repeated += 1;
  });
  bank.close();
  return counts;
}

async function askUntilAnswered(bank: BankClient, { key, ask }: Request): Promise<Heard> {
  for (let attempt = 1; ; attempt += 1) {
    const heard = await bank.ask(key, ask);
    const isAnswered = heard.outcome === 'ok' || (heard.outcome === 'refused' && heard.status !== 409);
    if (isAnswered || heard.code === 'already_reversed' || attempt >= MAX_ATTEMPTS) return heard;
    await sleep(PAUSE_MS);
  }
}

async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
