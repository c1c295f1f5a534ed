import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Installation } from './florin-process.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README_URL = 'http://127.0.0.1:8080';
const FIRST_COMMANDS = ['npm ci && npm start', 'npm ci && npm test'];

/** The commands of the README in their order, without the two that this run itself has come by. */
async function readmeCommands(): Promise<string[]> {
  const text = await readFile(`${ROOT}README.md`, 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]?.trim() ?? '');
  for (const command of FIRST_COMMANDS) assert.ok(blocks.includes(command), command);
  const commands = blocks.filter((block) => !FIRST_COMMANDS.includes(block));
  // A line that goes on with a backslash or inside quotes belongs to the command above it.
  return commands.flatMap((block) => block.split(/\n(?=curl|npm)/));
}

/** Pastes every command of the README, one by one, at a demo bank that is served at `url`. */
export async function assertReadmeWorks(bank: Installation, url: string): Promise<void> {
  let token = '';
  const shell = async (command: string): Promise<string> => {
    const script = command.replaceAll(README_URL, url);
    const environment = {
      ...process.env,
      TOKEN: token,
      FLORIN_DATA_DIR: bank.dataDir,
      // No login of whoever runs the tests.
      FLORIN_CONFIG_DIR: bank.dataDir,
      FLORIN_DEMO: 'on',
      PORT: '0',
    };
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: ROOT, env: environment });
    return stdout;
  };
  const commands = await readmeCommands();
  const answers: string[] = [];
  for (const command of commands) {
    const isToken = command.startsWith('TOKEN=');
    const answer = await shell(isToken ? `${command}\necho $TOKEN` : command);
    if (isToken) token = answer.trim();
    answers.push(answer);
  }

  const transfer = commands.findIndex((command) => command.includes('/v1/transfers'));
  assert.match(answers[transfer] ?? '', /^HTTP\/1.1 201/);
  assert.match(await shell(commands[transfer] ?? ''), /idempotent-replayed: true/i);
  const said = (part: string): string => answers[commands.findIndex((one) => one.includes(part))] ?? '';
  assert.equal(JSON.parse(said('http://127.0.0.1:8080/v1/accounts')).number, '1000000005');
  assert.equal(JSON.parse(said('asOf=')).currency, 'EUR');
  assert.equal(JSON.parse(said('transactions?limit=3')).data.length, 3);
  assert.equal(JSON.parse(said('too-much')).code, 'insufficient_funds');
  assert.match(said('trial-balance'), /Clearing with other banks/);
  assert.match(said('statement'), /Dinner on Friday/);
  assert.match(said('verify'), /every book sums to zero/);
  assert.match(said('florin -- transfer'), /^type +transfer$/m);
  assert.match(said('accounts list'), /^Id +IBAN +Product/);
  assert.match(said('florin -- commands'), /^Accounts +accounts freeze /m);
  assert.equal(commands.length, 13, 'no command was overlooked');
}
