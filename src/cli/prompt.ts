import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from './failures.ts';
import { note } from './output.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACES = ['\u007f', '\b'];
const ENDS = ['\r', '\n', CTRL_D];
/** Far above the longest password that is taken. */
const MAX_TYPED = 1024;

/**
 * A new password: asked for twice without showing it, or one line of standard input. Throws UsageError without a
 * terminal to ask at, or when the two differ.
 */
export async function readNewPassword(fromStdin: boolean): Promise<string> {
  const password = await readPassword(fromStdin);
  if (!fromStdin && (await ask('Once more: ')) !== password) throw new UsageError('the two passwords differ');
  return password;
}

/** A password: asked for without showing it, or one line of standard input. Throws UsageError without a terminal. */
export async function readPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  requireTerminal('--password-stdin');
  return ask('Password: ');
}

/** One line typed at the terminal, shown as it is typed. Throws UsageError, which names the option to give instead. */
export async function askLine(question: string, option: string): Promise<string> {
  requireTerminal(option);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
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

function requireTerminal(option: string): void {
  if (!process.stdin.isTTY) throw new UsageError(`there is no terminal to ask at: give ${option}`);
}

/** One line typed at the terminal, not shown. Ctrl-C ends the process as it does elsewhere. */
async function ask(question: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { stdin } = process;
  let typed: string[] = [];
  const onData = (chunk: string): void => {
    for (const character of chunk) {
      if (character === CTRL_C) reject(new UsageError('no password was given'));
      else if (ENDS.includes(character)) resolve(typed.join(''));
      else if (BACKSPACES.includes(character)) typed = typed.slice(0, -1);
      else if (typed.length < MAX_TYPED) typed.push(character);
    }
  };
  note(question);
  stdin.setEncoding('utf8');
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  try {
    return await promise;
  } finally {
    stdin.off('data', onData);
    stdin.pause();
    stdin.setRawMode(false);
    note('\n');
  }
}
