import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installFolder, run } from './install-folder.ts';

const FOLDER = 'tools/model';
const MODEL = 'docs/model/posting.qnt';
const QUINT = `${FOLDER}/node_modules/.bin/quint`;
/** Each guard that is taken out is missed within a hundred traces; the product is followed for many more. */
const TRACES = '5000';
const STEPS = '40';

/**
 * `npm run model [-- --traces N]`: follows random traces of the model of posting, of 40 steps each. All invariants hold; and
 * without any one of the guards that the model names, one of them is broken.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { traces: { type: 'string', default: TRACES } } });
  installFolder(FOLDER);
  run(['node', 'scripts/licences.ts', FOLDER]);
  run([QUINT, 'typecheck', MODEL]);
  const text = readFileSync(MODEL, 'utf8');
  const guards = [...text.matchAll(/^ {2}const (\w+): bool/gm)].map(([, name = '']) => name);
  const folder = mkdtempSync(path.join(tmpdir(), 'florin-model-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const isSafe = await simulate(MODEL, values.traces);
  console.log(`${values.traces} traces: ${isSafe ? 'all invariants hold' : 'an invariant is broken'}`);
  if (!isSafe) process.exitCode = 1;
  for (const guard of guards) {
    const without = path.join(folder, `${guard}.qnt`);
    writeFileSync(without, text.replace(`${guard} = true`, `${guard} = false`));
    const isMissed = !(await simulate(without, values.traces));
    console.log(`without ${guard}: ${isMissed ? 'found' : 'nothing is found'}`);
    if (!isMissed) process.exitCode = 1;
  }
}

/** Whether no trace breaks an invariant. Shows the trace that does in the product. Throws when the simulator fails. */
async function simulate(file: string, traces: string): Promise<boolean> {
  const options = ['--backend=typescript', '--main=product', '--invariant=isSafe'];
  const child = spawn(QUINT, ['run', file, ...options, `--max-samples=${traces}`, `--max-steps=${STEPS}`]);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('close', () => resolve());
  child.once('error', reject);
  await promise;
  const isSafe = output.includes('[ok]');
  const isBroken = output.includes('[violation]');
  if (isSafe === isBroken || (isBroken && file === MODEL)) console.error(output);
  if (isSafe === isBroken) throw new Error(`no verdict on ${file}`);
  return isSafe;
}

await main();
