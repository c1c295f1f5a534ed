import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Step = {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
};
type Job = {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
};
type Workflow = { readonly permissions?: unknown; readonly jobs: Readonly<Record<string, Job>> };

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = `${ROOT}.github/workflows/`;
const texts = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(FOLDER + name, 'utf8') }));
const workflows = texts.map(({ name, text }) => {
  const workflow: Workflow = parse(text);
  return { ...workflow, name };
});
const jobs = workflows.flatMap((one) =>
  Object.entries(one.jobs).map(([id, job]) => ({ ...job, name: `${one.name}: ${id}` })),
);
const scripts: Record<string, string> = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')).scripts;

test('there are workflows for changes, for the benchmark and for releases', () => {
  assert.deepEqual(
    workflows.map(({ name }) => name),
    ['advisories.yml', 'bench.yml', 'check.yml', 'nightly.yml', 'release.yml'],
  );
  const steps = jobs.flatMap((job) => job.steps);
  assert.ok(steps.some(({ run }) => run === '.ci/run'));
  assert.ok(steps.some(({ run }) => run?.includes('bench/smoke.test.ts')));
  assert.ok(steps.some(({ uses }) => uses?.startsWith('actions/attest-build-provenance@')));
});

test('every action is pinned to a commit, and says which version that is', () => {
  for (const { name, text } of texts) {
    const lines = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    assert.ok(lines.length > 0, name);
    for (const line of lines) {
      assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${name}: ${line}`);
    }
  }
});

test('a workflow may do nothing, and each of its jobs what it names', () => {
  for (const { name, permissions } of workflows) assert.deepEqual(permissions, {}, name);
  for (const { name, permissions, 'timeout-minutes': minutes } of jobs) {
    assert.ok(permissions !== undefined, name);
    assert.ok((minutes ?? 0) > 0, `${name} is bounded`);
    const written = Object.entries(permissions).filter(([, access]) => access !== 'read');
    if (name !== 'release.yml: publish') assert.deepEqual(written, [], name);
  }
});

test('no step runs text that a stranger may write, or leaves a token behind', () => {
  for (const { name, steps } of jobs) {
    for (const { run = '', uses = '', with: inputs = {} } of steps) {
      assert.doesNotMatch(run, /\$\{\{/, `${name}: by the environment instead`);
      if (uses.startsWith('actions/checkout@')) assert.equal(inputs['persist-credentials'], false, name);
    }
  }
  for (const { name, text } of texts) assert.doesNotMatch(text, /pull_request_target|workflow_run/, name);
});

test('packages come from the lockfile, and scripts that are run are there', () => {
  for (const { name, text } of texts) {
    assert.doesNotMatch(text, /npm (install|i|add)\b|npx /, name);
    for (const [, script = ''] of text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)) {
      assert.ok(script in scripts, `${name}: ${script}`);
    }
  }
});
