import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { completionScript, type ShellName } from '#cli/completion.ts';
import { createProgram } from '#cli/program.ts';
import { Shell } from '#cli/shell.ts';

const program = createProgram(Shell.ofProcess());

/** What bash offers after some words; the last one is what is being typed. */
function offered(...words: string[]): string[] {
  const line = ['florin', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${completionScript(program, 'bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}
_florin
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n');
}

test('bash offers commands, then what they do, then options and their values', () => {
  assert.deepEqual(offered('acc'), ['accounts', 'accounting']);
  assert.deepEqual(offered('accounts', 'fr'), ['freeze']);
  assert.deepEqual(offered('accounts', 'list', '--st'), ['--status']);
  assert.deepEqual(offered('accounts', 'list', '--status', ''), ['active', 'dormant', 'frozen', 'closed']);
  assert.deepEqual(offered('accounts', 'list', '--status', 'active', '--ex'), ['--external-id']);
  assert.deepEqual(offered('accounts', 'freeze', 'acc_1', '--rea'), ['--reason']);
  assert.deepEqual(offered('customers', 'create', '--address.c'), ['--address.city', '--address.country']);
  assert.ok(offered('').includes('transfer'));
  assert.ok(offered('transfer', '').includes('--idempotency-key'));
});

const folder = mkdtempSync(join(tmpdir(), 'florin-completion-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The script for a shell in a file: it is longer than an argument may be. */
function fileOf(name: ShellName): string {
  const file = join(folder, name);
  writeFileSync(file, completionScript(program, name));
  return file;
}

const isThere = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

test('fish offers the same', { skip: !isThere('fish') && 'fish is not here' }, () => {
  const offeredByFish = (line: string): string[] => {
    const script = `source ${fileOf('fish')}; complete -C ${JSON.stringify(line)}`;
    const { stdout, stderr, status } = spawnSync('fish', ['-N', '-c', script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout
      .trimEnd()
      .split('\n')
      .map((one) => one.split('\t')[0] ?? '');
  };
  assert.deepEqual(offeredByFish('florin accounts fr'), ['freeze']);
  assert.deepEqual(offeredByFish('florin accounts list --status '), ['active', 'closed', 'frozen']);
  assert.deepEqual(offeredByFish('florin accounts list --status active --ex'), ['--external-id']);
});

const CHECKED = [
  ['bash', ['-n']],
  ['zsh', ['-n']],
  ['fish', ['--no-execute']],
] as const;

for (const [name, flags] of CHECKED) {
  test(`the script for ${name} is one that it reads`, {
    skip: !isThere(name) && `${name} is not here`,
  }, () => {
    const { status, stderr } = spawnSync(name, [...flags, fileOf(name)], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
}

test('each script knows every command, and quotes what is about it', () => {
  const bash = completionScript(program, 'bash');
  const zsh = completionScript(program, 'zsh');
  const fish = completionScript(program, 'fish');
  for (const group of program.commands) {
    for (const command of group.commands) {
      const place = `${group.name()} ${command.name()}`;
      assert.ok(bash.includes(`'${place}')`), place);
      assert.ok(zsh.includes(`'${place}')`), place);
      assert.ok(fish.includes(`'${place}'`), place);
    }
  }
});
