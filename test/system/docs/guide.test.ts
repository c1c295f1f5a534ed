import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { assertVerified } from '#test/system/processes/assert-verified.ts';
import { Installation } from '#test/system/processes/florin-process.ts';
import { findDifference, readSteps, type Step } from './guide-page.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const GUIDE = join(ROOT, 'docs/guide');
/** Where a reader who followed the README has it. */
const ADDRESS = 'http://127.0.0.1:8080';
/** For who writes a page: GUIDE_PRINT=1 shows what every step said, and goes on behind one that failed. */
const KEEPS_GOING = process.env.GUIDE_PRINT !== undefined;
const RUN_TIMEOUT_MS = 240_000;

test('every command and program of the guide does what its page says, from the first page to the last', async (t) => {
  const bank = await Installation.prepared(t, { FLORIN_RATE_LIMIT: 'off' });
  const server = bank.serve();
  const url = await server.ready();
  const names = (await readdir(GUIDE)).filter((name) => name.endsWith('.md')).sort();
  const pages = await Promise.all(
    names.map(async (name) => readSteps(name, await readFile(join(GUIDE, name), 'utf8'))),
  );
  const steps = pages.flat();
  assert.ok(names.length > 2 && steps.length > 15, 'the guide is there');
  const outputs = await mkdtemp(join(tmpdir(), 'florin-guide-'));
  t.after(() => rm(outputs, { recursive: true, force: true }));
  const script = join(outputs, 'guide.sh');
  await writeFile(
    script,
    steps.map((step, index) => stepScript(step, join(outputs, `${index}`), url)).join('\n'),
  );
  const environment = {
    ...process.env,
    FLORIN_DATA_DIR: bank.dataDir,
    FLORIN_DEMO: 'off',
    FLORIN_CONFIG_DIR: outputs,
  };
  const failure = await promisify(execFile)('bash', [script], {
    cwd: ROOT,
    env: environment,
    timeout: RUN_TIMEOUT_MS,
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const differences: string[] = [];
  for (const [index, { place, expected }] of steps.entries()) {
    const said = await readFile(join(outputs, `${index}`), 'utf8').catch(() => undefined);
    if (KEEPS_GOING) console.log(`--- ${place}\n${said}`);
    if (said === undefined) {
      differences.push(
        `${place}: was not reached; ${steps[index - 1]?.place} said: ${await readFile(join(outputs, `${index - 1}`), 'utf8')}`,
      );
      break;
    }
    const difference = expected === undefined ? undefined : findDifference(said, expected);
    if (difference !== undefined) differences.push(`${place}: ${difference}`);
  }
  assert.deepEqual(differences, []);
  assert.equal(failure, undefined);
  await assertVerified(await bank.databaseUrl());
});

/** Braces, not a subshell: what a page sets and defines is there for those after it. */
function stepScript({ language, text }: Step, output: string, url: string): string {
  const command = text.replaceAll(ADDRESS, url);
  if (language === 'sh')
    return `set ${KEEPS_GOING ? '+e' : '-eu'} -o pipefail\n{\n${command}\n} > '${output}' 2>&1`;
  const program = `cd docs/guide\n"$NODE" --input-type=module-typescript --eval '${command.replaceAll("'", "'\\''")}'`;
  return `export TOKEN URL; NODE='${process.execPath}'\n( ${program} ) > '${output}' 2>&1`;
}
