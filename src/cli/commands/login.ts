import { type Command, InvalidArgumentError } from 'commander';
import { isUntampered } from '#config/config.ts';
import { loadConfig } from '#config/load-config.ts';
import { CommandFailedError, UsageError } from '../failures.ts';
import { asFields, refusalOf, sendRequest } from '../login/api-client.ts';
import type { StoredLogin } from '../login/login-file.ts';
import { askAsUser, loginIn, openLoginFile } from '../login/session.ts';
import { type OutputOptions, show } from '../output.ts';
import { askLine, readPassword } from '../prompt.ts';
import { renderFields } from '../table.ts';

/** `login`, `logout`, `whoami`: a login at a server's API, which `api` uses. */
export function addLoginCommands(program: Command): void {
  program
    .command('login')
    .description('log in at a server’s API, for florin api; asks for what is not given')
    .option('--url <url>', 'of the server; this machine’s unless given', parseServerUrl)
    .option('--email <email>', 'e-mail address of the user')
    .option('--otp <code>', 'one-time code, where the user has a second factor')
    .option('--recovery-code <code>', 'in place of the one-time code')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .action(logIn);
  program
    .command('logout')
    .description('end the login, here and at the server')
    .option('--json', 'print JSON')
    .action(logOut);
  program
    .command('whoami')
    .description('who is logged in, as the server says')
    .option('--json', 'print JSON')
    .action(showUser);
}

type LoginOptions = OutputOptions & {
  readonly url?: string;
  readonly email?: string;
  readonly otp?: string;
  readonly recoveryCode?: string;
  readonly passwordStdin?: boolean;
};

async function logIn(options: LoginOptions): Promise<void> {
  const url = options.url ?? `http://127.0.0.1:${loadConfig().config.port}`;
  if (options.email === undefined && options.passwordStdin === true)
    throw new UsageError('--password-stdin needs --email');
  const email = options.email ?? (await askLine('E-mail: ', '--email'));
  const password = await readPassword(options.passwordStdin === true);
  const login = await openSession(url, { email, password, ...codesOf(options) }, options);
  await openLoginFile().write(login);
  await show(options, { url, email }, () => `Logged in at ${url} as ${email}.`);
}

type Credentials = {
  readonly email: string;
  readonly password: string;
  readonly otp?: string;
  readonly recoveryCode?: string;
};

/** Asks for the second factor only after the server has, and only at a terminal. */
async function openSession(url: string, sent: Credentials, options: LoginOptions): Promise<StoredLogin> {
  const attempt = (body: Credentials) =>
    sendRequest(url, { method: 'POST', path: '/v1/auth/login', body: JSON.stringify(body) });
  const answer = await attempt(sent);
  const isAsked = asFields(answer.body).code === 'otp_required' && options.passwordStdin !== true;
  const last = isAsked ? await attempt({ ...sent, otp: await askLine('One-time code: ', '--otp') }) : answer;
  return loginIn(last, url, sent.email);
}

function codesOf({ otp, recoveryCode }: LoginOptions): Pick<Credentials, 'otp' | 'recoveryCode'> {
  return { ...(otp === undefined ? {} : { otp }), ...(recoveryCode === undefined ? {} : { recoveryCode }) };
}

/** Forgets the login whatever the server says; a server that could not be told is a failure all the same. */
async function logOut(options: OutputOptions): Promise<void> {
  const file = openLoginFile();
  const { url, email } = await file.require();
  try {
    const answer = await askAsUser({ method: 'POST', path: '/v1/auth/logout' });
    // A session that has ended already needs no ending.
    if (answer.status !== 204 && answer.status !== 401) throw refusalOf(answer);
  } catch (error) {
    if (!(error instanceof CommandFailedError) || error.code !== 'login_expired') throw error;
  } finally {
    await file.remove();
  }
  await show(options, { url, email, loggedOut: true }, () => `Logged out at ${url}.`);
}

async function showUser(options: OutputOptions): Promise<void> {
  const { url } = await openLoginFile().require();
  const answer = await askAsUser({ method: 'GET', path: '/v1/auth/me' });
  if (answer.status !== 200) throw refusalOf(answer);
  const view = { url, ...asFields(answer.body) };
  await show(options, view, () => renderFields(view));
}

function parseServerUrl(text: string): string {
  const url = URL.parse(text);
  const isServer = url !== null && url.href === `${url.origin}/` && isUntampered(url);
  // A password goes there.
  if (!isServer)
    throw new InvalidArgumentError('It takes one like https://bank.example, or http on this machine.');
  return url.origin;
}
