import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Services } from '#bank/services.ts';
import type { Config } from '#config/config.ts';
import { UsageError } from '../failures.ts';
import { askServer } from '../login/api-client.ts';
import { askAsUser, openLoginFile } from '../login/session.ts';
import { parseServerUrl } from '../server-url.ts';
import type { Shell } from '../shell.ts';
import { withBank } from '../with-bank.ts';
import type { Ask } from './ask.ts';
import { withDoor } from './door.ts';

/** Where a command of the API is to be done. */
export type TargetOptions = { readonly server?: string; readonly local?: boolean };

export type Need = {
  /** Reports are not cut off by the time limits of requests. */
  readonly longWork?: boolean;
  /** It is about the login of a user, which the database's operator does not have. */
  readonly ofUser?: boolean;
};

export function addTargetOptions(command: Command): Command {
  const group = 'Where:';
  return command
    .addOption(
      new Option('--server <url>', 'ask the server there, as the user of florin login')
        .argParser(parseServerUrl)
        .helpGroup(group),
    )
    .addOption(new Option('--local', 'work on the database, though there is a login').helpGroup(group));
}

/**
 * Does work with the API, wherever it is to be asked; on the database it has the services too. What is said for this one command counts most, then the
 * environment, then a stored login, then the embedded database:
 *
 * 1. `--server URL` or `--local`; 2. FLORIN_SERVER; 3. DATABASE_URL; 4. the server of `florin login`; 5. the embedded
 * database. Where a login and a database are both at hand, and neither was asked for, it says which it took.
 */
export async function withApi<Result>(
  shell: Shell,
  options: TargetOptions,
  need: Need,
  work: (ask: Ask, services?: Services) => Promise<Result>,
): Promise<Result> {
  const { config } = await shell.loadConfig();
  const url = await findServer(shell, config, options, need);
  if (url !== undefined) return work(await openServer(shell, config, url));
  if (config.serverToken !== undefined) {
    throw new UsageError('FLORIN_TOKEN is for a server: give --server or FLORIN_SERVER too');
  }
  const { longWork = false } = need;
  return withBank(shell, ({ services }) => withDoor(services, config, (ask) => work(ask, services)), {
    longWork,
  });
}

async function findServer(
  shell: Shell,
  config: Config,
  { server, local = false }: TargetOptions,
  { ofUser = false }: Need,
): Promise<string | undefined> {
  if (local && server !== undefined) throw new UsageError('--local and --server contradict each other');
  if (local && ofUser) throw new UsageError('this is about the login of a user: --local has none');
  if (local) return undefined;
  const named = server ?? config.server;
  if (named !== undefined) return named;
  const file = await openLoginFile(shell);
  if (!ofUser && !file.exists) return undefined;
  if (!ofUser && config.databaseUrl !== undefined) {
    shell.note('florin: on the database of DATABASE_URL; --server asks a server\n');
    return undefined;
  }
  const { url, email } = await file.require();
  if (!ofUser && existsSync(join(config.dataDir, 'postgres'))) {
    shell.note(`florin: at ${url} as ${email}; --local works on the database in ${config.dataDir}\n`);
  }
  return url;
}

/** With the token of FLORIN_TOKEN, or that of the login at that server. */
async function openServer(shell: Shell, { serverToken }: Config, url: string): Promise<Ask> {
  if (serverToken !== undefined) return (call) => askServer(url, call, serverToken);
  return askAsUser(shell, url);
}
