import type { Command } from 'commander';
import { fieldsOf, refusalOf } from '../api/ask.ts';
import { CommandFailedError, UsageError } from '../failures.ts';
import { askServer } from '../login/api-client.ts';
import type { StoredLogin } from '../login/login-file.ts';
import { askAsUser, loginIn, openLoginFile } from '../login/session.ts';
import { askLine, readPasswords } from '../prompt.ts';
import { parseServerUrl } from '../server-url.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { renderFields } from '../table.ts';

/** `login`, `logout`, `whoami`: a login at a server's API, which the commands of the API use then. */
export function addLoginCommands(program: Command, shell: Shell): void {
  program
    .command('login')
    .description('log in at a server’s API, which commands ask from then on; asks for what is not given')
    .option('--server <url>', 'the server; this machine’s unless given', parseServerUrl)
    .option('--url <url>', 'the same as --server', parseServerUrl)
    .option('--email <email>', 'e-mail address of the user')
    .option('--otp <code>', 'one-time code, where the user has a second factor')
    .option('--recovery-code <code>', 'in place of the one-time code')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .action((options: LoginOptions) => logIn(shell, options));
  program
    .command('logout')
    .description('end the login, here and at the server')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => logOut(shell, options));
  program
    .command('whoami')
    .description('who is logged in, as the server says')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => showUser(shell, options));
}

type LoginOptions = OutputOptions & {
  readonly server?: string;
  readonly url?: string;
  readonly email?: string;
  readonly otp?: string;
  readonly recoveryCode?: string;
  readonly passwordStdin?: boolean;
};

async function logIn(shell: Shell, options: LoginOptions): Promise<void> {
  const { config } = await shell.loadConfig();
  const url = options.server ?? options.url ?? config.server ?? `http://127.0.0.1:${config.port}`;
  if (options.email === undefined && options.passwordStdin === true)
    throw new UsageError('--password-stdin needs --email');
  const email = options.email ?? (await askLine(shell, 'E-mail: ', '--email'));
  const asked = [{ name: 'password', isNew: false }];
  const { password = '' } = await readPasswords(shell, asked, options.passwordStdin === true);
  const login = await openSession(shell, url, { email, password, ...codesOf(options) }, options);
  await (await openLoginFile(shell)).write(login);
  await shell.show(options, { url, email }, () => `Logged in at ${url} as ${email}.`);
}

type Credentials = {
  readonly email: string;
  readonly password: string;
  readonly otp?: string;
  readonly recoveryCode?: string;
};

/** Asks for the second factor only after the server has, and only at a terminal. */
async function openSession(
  shell: Shell,
  url: string,
  sent: Credentials,
  options: LoginOptions,
): Promise<StoredLogin> {
  const attempt = (body: Credentials) =>
    askServer(url, { method: 'POST', path: '/v1/auth/login', body: JSON.stringify(body) });
  const answer = await attempt(sent);
  const isAsked =
    answer.status >= 400 && refusalOf(answer).code === 'otp_required' && options.passwordStdin !== true;
  if (!isAsked) return loginIn(answer, url, sent.email);
  const otp = await askLine(shell, 'One-time code: ', '--otp');
  return loginIn(await attempt({ ...sent, otp }), url, sent.email);
}

function codesOf({ otp, recoveryCode }: LoginOptions): Pick<Credentials, 'otp' | 'recoveryCode'> {
  return { ...(otp === undefined ? {} : { otp }), ...(recoveryCode === undefined ? {} : { recoveryCode }) };
}

/** Forgets the login whatever the server says; a server that could not be told is a failure all the same. */
async function logOut(shell: Shell, options: OutputOptions): Promise<void> {
  const file = await openLoginFile(shell);
  const { url, email } = await file.require();
  try {
    const ask = await askAsUser(shell);
    const answer = await ask({ method: 'POST', path: '/v1/auth/logout' });
    // A session that has ended already needs no ending.
    if (answer.status !== 204 && answer.status !== 401) throw refusalOf(answer);
  } catch (error) {
    if (!(error instanceof CommandFailedError) || error.code !== 'login_expired') throw error;
  } finally {
    await file.remove();
  }
  await shell.show(options, { url, email, loggedOut: true }, () => `Logged out at ${url}.`);
}

async function showUser(shell: Shell, options: OutputOptions): Promise<void> {
  const { url } = await (await openLoginFile(shell)).require();
  const ask = await askAsUser(shell);
  const view = { url, ...fieldsOf(await ask({ method: 'GET', path: '/v1/auth/me' })) };
  // A hundred and fifty names are for programs: on a terminal they would hide who it is.
  const shown = Object.fromEntries(Object.entries(view).filter(([name]) => name !== 'operations'));
  await shell.show(options, view, () => renderFields(shell, shown));
}
