import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from './failures.ts';
import type { Shell } from './shell.ts';
import { words } from './table.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACES = ['\u007f', '\b'];
const ENDS = ['\r', '\n', CTRL_D];
/** Far above the longest password that is taken. */
const MAX_TYPED = 1024;

/** A password that is asked for; one that is chosen now is asked for twice. */
export type AskedPassword = { readonly name: string; readonly isNew: boolean };

/**
 * Passwords, by their names: typed without being shown, or lines of standard input in their order. Throws UsageError
 * without a terminal, or when a repeated password differs.
 */
export async function readPasswords(
  shell: Shell,
  asked: readonly AskedPassword[],
  fromStdin: boolean,
): Promise<Readonly<Record<string, string>>> {
  if (fromStdin) return readLines(shell, asked);
  requireTerminal(shell, '--password-stdin');
  const typed: Record<string, string> = {};
  for (const { name, isNew } of asked) {
    const what = name === 'password' ? 'Password' : words(name);
    const password = await ask(shell, `${what}: `);
    if (isNew && (await ask(shell, `Repeat ${what.toLowerCase()}: `)) !== password) {
      throw new UsageError('the two passwords differ');
    }
    typed[name] = password;
  }
  return typed;
}

async function readLines(
  { stdin }: Shell,
  asked: readonly AskedPassword[],
): Promise<Readonly<Record<string, string>>> {
  const input = (await text(stdin)).replace(/\r?\n$/, '');
  const lines = asked.length === 1 ? [input] : input.split(/\r?\n/);
  return Object.fromEntries(asked.map(({ name }, index) => [name, lines[index] ?? '']));
}

/** One line typed at the terminal, shown as it is typed. Throws UsageError, which names the option to give instead. */
export async function askLine(shell: Shell, question: string, option: string): Promise<string> {
  requireTerminal(shell, option);
  const lines = createInterface({ input: shell.stdin, output: shell.stderr });
  // Ctrl-C and the end of input leave no answer, and would be waited for without end.
  const { promise: left, reject } = Promise.withResolvers<never>();
  lines.once('close', () => reject(new UsageError(`nothing was given: give ${option}`)));
  try {
    return await Promise.race([lines.question(question), left]);
  } finally {
    left.catch(() => undefined);
    lines.close();
  }
}

function requireTerminal({ stdin }: Shell, option: string): void {
  if (stdin.isTTY !== true) throw new UsageError(`there is no terminal to ask at: give ${option}`);
}

/** One line typed at the terminal, not shown. Ctrl-C ends the process as it does elsewhere. */
async function ask(shell: Shell, question: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { stdin } = shell;
  let typed: string[] = [];
  const onData = (chunk: string): void => {
    for (const character of chunk) {
      if (character === CTRL_C) reject(new UsageError('no password was given'));
      else if (ENDS.includes(character)) resolve(typed.join(''));
      else if (BACKSPACES.includes(character)) typed = typed.slice(0, -1);
      else if (typed.length < MAX_TYPED) typed.push(character);
    }
  };
  shell.note(question);
  stdin.setEncoding('utf8');
  stdin.setRawMode?.(true);
  stdin.on('data', onData);
  stdin.resume();
  try {
    return await promise;
  } finally {
    stdin.off('data', onData);
    stdin.pause();
    stdin.setRawMode?.(false);
    shell.note('\n');
  }
}
