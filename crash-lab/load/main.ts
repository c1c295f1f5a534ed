// The load generator: a process of its own, so that no fault of the lab's makes it forget what it has asked.
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '#demo/random.ts';
import { systemClock } from '#lib/time/clock.ts';
import { BankClient } from './bank-client.ts';
import type { FromLoad, LoadJob, ToLoad } from './protocol.ts';
import { RequestLog } from './request-log.ts';
import { accountsOf, Traffic } from './traffic.ts';

/** The pause after a failed request. It grows with each failure in a row, so that no client hammers an unavailable bank. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 800;
/** Between the seeds of two clients, so that those of two runs' neighbours do not meet. */
const SEED_STEP = 7_919;

let isStopping = false;
/** By the watch's number: since when, and which hot accounts are still to be served. */
const watches = new Map<number, { readonly sinceMs: number; readonly missing: Set<string> }>();
let hot: readonly string[] = [];
let isListening = false;

process.on('message', (message: ToLoad) => {
  if (message.type === 'start') void work(message.job);
  else if (message.type === 'stop') isStopping = true;
  else if (message.type === 'listen') isListening = true;
  else watches.set(message.watch, { sinceMs: systemClock.nowMs(), missing: new Set(hot) });
});
// Without the lab the process has nothing to do.
process.once('disconnect', () => process.exit(isStopping ? 0 : 1));

async function work(job: LoadJob): Promise<void> {
  const { url, token, accounts, hotAccounts, clients, seed, logFile } = job;
  hot = accounts.slice(0, hotAccounts);
  const bank = new BankClient(url, token, new RequestLog(logFile));
  const traffic = new Traffic(accounts, hotAccounts);
  let count = 0;
  const client = async (number: number): Promise<void> => {
    const random = new SeededRandom(seed + number * SEED_STEP);
    let pauseMs = FIRST_PAUSE_MS;
    while (!isStopping) {
      count += 1;
      const wish = traffic.next(random, `lab-${seed}-${count}`);
      const sentMs = systemClock.nowMs();
      const asking = Array.from({ length: wish.twice === true ? 2 : 1 }, async () => {
        const heard = await bank.ask(wish.key, wish.ask);
        if (heard.outcome === 'ok' && heard.replayed !== true) acknowledged();
        return heard;
      });
      const answers = await Promise.all(asking);
      for (const heard of answers) traffic.heard(wish, heard);
      if (answers.some(({ outcome }) => outcome === 'ok')) served(accountsOf(wish.ask), sentMs);
      if (answers.some(({ outcome }) => outcome === 'unknown' || outcome === 'unavailable')) {
        await sleep(random.between(pauseMs / 2, pauseMs));
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      } else {
        pauseMs = FIRST_PAUSE_MS;
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  bank.close();
  reply({ type: 'stopped' });
  process.disconnect?.();
}

function acknowledged(): void {
  if (!isListening) return;
  isListening = false;
  reply({ type: 'acknowledged' });
}

function served(accounts: readonly string[], sentMs: number): void {
  for (const [watch, { sinceMs, missing }] of watches) {
    if (sentMs < sinceMs) continue;
    for (const account of accounts) missing.delete(account);
    if (missing.size > 0) continue;
    watches.delete(watch);
    reply({ type: 'served', watch, atMs: systemClock.nowMs() });
  }
}

function reply(message: FromLoad): void {
  process.send?.(message);
}
