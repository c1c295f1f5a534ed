import { randomUUID } from 'node:crypto';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { type Answer, refusalOf } from '../api/ask.ts';
import { readJsonText } from '../api/body.ts';
import type { Method } from '../api/document.ts';
import { repeatable } from '../api/repeatable.ts';
import { askAsUser } from '../login/session.ts';
import type { Shell } from '../shell.ts';
import { parseIdempotencyKey } from '../values.ts';

/** `api METHOD PATH`: any call of the API, as the user who logged in. */
export function addApiCommand(program: Command, shell: Shell): void {
  program
    .command('api')
    .description('call a server’s API as the user of florin login; prints the JSON of the answer')
    .addArgument(new Argument('<method>').choices(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
    .argument('<path>', 'like /v1/accounts?limit=10', parsePath)
    .option('--data <json>', 'the body; - reads it from standard input')
    .option('--idempotency-key <key>', 'for a POST; made if not given', parseIdempotencyKey)
    .option('--if-match <etag>', 'for a PATCH: the ETag that was read, or * for any')
    .option('--include', 'say the status and headers of the answer on standard error')
    .action((method: Method, path: string, options: ApiOptions) => callApi(shell, { method, path }, options));
}

type ApiOptions = {
  readonly data?: string;
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
  readonly include?: boolean;
};

async function callApi(
  shell: Shell,
  { method, path }: { readonly method: Method; readonly path: string },
  options: ApiOptions,
): Promise<void> {
  const body = await readJsonText(shell, options.data);
  const idempotencyKey = options.idempotencyKey ?? randomUUID();
  const headers = {
    ...(method === 'POST' ? { 'idempotency-key': idempotencyKey } : {}),
    ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
  };
  const isKeyed = method === 'POST';
  try {
    const ask = await askAsUser(shell);
    const answer = await ask({ method, path, body, headers });
    if (options.include === true) shell.note(describeHead(answer));
    if (answer.status >= 400) throw refusalOf(answer);
    await showBody(shell, answer);
  } catch (error) {
    throw isKeyed ? repeatable(error, idempotencyKey) : error;
  }
}

/** JSON on lines of its own; CSV and PDF as they are. */
async function showBody(shell: Shell, { headers, bytes }: Answer): Promise<void> {
  if (bytes.length === 0) return;
  const isJson = headers.get('content-type')?.startsWith('application/json') === true;
  if (!isJson) await shell.write(bytes);
  else await shell.show({ json: true }, JSON.parse(Buffer.from(bytes).toString('utf8')), () => '');
}

function describeHead({ status, headers }: Answer): string {
  return [`HTTP ${status}`, ...[...headers].map(([name, value]) => `${name}: ${value}`), ''].join('\n');
}

function parsePath(path: string): string {
  if (!/^\/v1\/[\x21-\x7e]+$/.test(path))
    throw new InvalidArgumentError('It takes a path like /v1/accounts.');
  return path;
}
