// Loaded into the server's process before it: writes down when its event loop stood still, and what it did then.
import { appendFileSync } from 'node:fs';
import { systemClock } from '#lib/time/clock.ts';

/** Well below what counts as a stall. */
const TICK_MS = 20;
const STALL_MS = 200;

/** Where stalls are written, one JSON line each. */
const file = process.env.FUZZ_STALLS;

let lastMs = systemClock.nowMs();
let lastCpuMs = cpuMs();

setInterval(() => {
  const nowMs = systemClock.nowMs();
  const nowCpuMs = cpuMs();
  const stalledMs = nowMs - lastMs - TICK_MS;
  if (stalledMs > STALL_MS && file !== undefined) {
    const stall = { fromMs: lastMs, toMs: nowMs, stalledMs, busyMs: Math.round(nowCpuMs - lastCpuMs) };
    appendFileSync(file, `${JSON.stringify(stall)}\n`);
  }
  lastMs = nowMs;
  lastCpuMs = nowCpuMs;
}, TICK_MS).unref();

/** CPU time of this thread, the one of the event loop. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
