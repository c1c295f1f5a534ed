// Plain JavaScript for any Node from 18 on: it runs before we know that the Node at hand can run our TypeScript.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first Node that runs TypeScript as it is and has Temporal built in. */
const MINIMUM_MAJOR_VERSION = 26;

export const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Whether the Node that runs this file can run the project. */
export function isRunningNodeNewEnough() {
  return Number.parseInt(process.versions.node, 10) >= MINIMUM_MAJOR_VERSION;
}

/**
 * Runs a suitable Node with the arguments, on our terminal, and ends as it ends: with its exit code, or by the
 * signal that ended it. The suitable one is the one that runs this file, else the one npm installed here. Returns when
 * it has ended with an exit code; that of one before which failed stays ours.
 */
export async function runNode(args, options = {}) {
  const node = isRunningNodeNewEnough() ? process.execPath : findOwnNode();
  if (!node) giveUp('Node.js 26 or later is needed, and npm installed none here');
  const child = spawn(node, args, { ...options, stdio: 'inherit' });
  const stopPassingSignals = passSignalsTo(child);
  child.on('error', (error) => giveUp(`Cannot run ${node} (${error.code})`));
  const [exitCode, signal] = await once(child, 'exit');
  stopPassingSignals();
  if (signal) endBySignal(signal);
  else process.exitCode ||= exitCode;
}

function findOwnNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  if (process.platform === 'win32') names.push(`node-win-${process.arch}`);
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const require = createRequire(path.join(projectDir, 'package.json'));
  for (const name of names) {
    try {
      const file = path.join(path.dirname(require.resolve(`${name}/package.json`)), 'bin', program);
      if (existsSync(file)) return file;
    } catch {
      // Not the package of this platform.
    }
  }
  const linked = path.join(projectDir, 'node_modules', '.bin', program);
  return existsSync(linked) ? linked : undefined;
}

/**
 * Ctrl-C and a closed terminal reach the child by themselves, because the terminal signals all its foreground
 * processes; passed on, they would arrive twice and look like an impatient second Ctrl-C.
 */
function passSignalsTo(child) {
  const isOnTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const isSentByTerminal = signal !== 'SIGTERM' && isOnTerminal;
    return [signal, () => isSentByTerminal || child.kill(signal)];
  });
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** A signal whose default is not to end a process leaves us with the code a shell would report. */
function endBySignal(signal) {
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);
}

function giveUp(reason) {
  const version = process.versions.node;
  console.error(
    `florin: ${reason}. This is Node.js ${version}: run "npm ci" in ${projectDir} without --omit=optional, or use Node.js ${MINIMUM_MAJOR_VERSION}.`,
  );
  process.exit(1);
}
