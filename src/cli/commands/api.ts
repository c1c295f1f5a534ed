import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { CommandFailedError, UsageError } from '../failures.ts';
import { type ApiAnswer, refusalOf } from '../login/api-client.ts';
import { askAsUser } from '../login/session.ts';
import { note, show } from '../output.ts';
import { parseIdempotencyKey } from '../values.ts';

/** `api METHOD PATH`: any call of the API, as the user who logged in. */
export function addApiCommand(program: Command): void {
  program
    .command('api')
    .description('call a server’s API as the user of florin login; prints the JSON of the answer')
    .addArgument(new Argument('<method>').choices(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
    .argument('<path>', 'like /v1/accounts?limit=10', parsePath)
    .option('--data <json>', 'the body; - reads it from standard input')
    .option('--idempotency-key <key>', 'for a POST; made if not given', parseIdempotencyKey)
    .option('--if-match <etag>', 'for a PATCH: the ETag that was read, or * for any')
    .option('--include', 'say the status and headers of the answer on standard error')
    .action(callApi);
}

type ApiOptions = {
  readonly data?: string;
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
  readonly include?: boolean;
};

async function callApi(method: string, path: string, options: ApiOptions): Promise<void> {
  const body = await readBody(options.data);
  const idempotencyKey = options.idempotencyKey ?? randomUUID();
  const headers = {
    ...(method === 'POST' ? { 'idempotency-key': idempotencyKey } : {}),
    ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
  };
  const answer = await askAsUser({ method, path, body, headers }).catch((error: unknown) => {
    throw method === 'POST' ? repeatable(error, idempotencyKey) : error;
  });
  if (options.include === true) note(describeHead(answer));
  if (answer.status >= 400) {
    const refusal = refusalOf(answer);
    throw refusal.code === 'outcome_unknown' ? repeatable(refusal, idempotencyKey) : refusal;
  }
  if (answer.body !== undefined) await show({ json: true }, answer.body, () => '');
}

/** Who does not know whether it was done repeats it with the same key. */
function repeatable(error: unknown, idempotencyKey: string): unknown {
  const isUnsure =
    error instanceof CommandFailedError && ['server_unreachable', 'outcome_unknown'].includes(error.code);
  if (!isUnsure) return error;
  const advice = `repeat it with --idempotency-key ${idempotencyKey}`;
  return new CommandFailedError(error.code, `${error.message.replace(/\.$/, '')}; ${advice}`, error);
}

async function readBody(data: string | undefined): Promise<string | undefined> {
  const body = data === '-' ? await text(process.stdin) : data;
  if (body === undefined) return undefined;
  try {
    JSON.parse(body);
  } catch (error) {
    throw new UsageError(`--data takes JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return body;
}

function describeHead({ status, headers }: ApiAnswer): string {
  return [`HTTP ${status}`, ...[...headers].map(([name, value]) => `${name}: ${value}`), ''].join('\n');
}

function parsePath(path: string): string {
  if (!/^\/v1\/[\x21-\x7e]+$/.test(path))
    throw new InvalidArgumentError('It takes a path like /v1/accounts.');
  return path;
}
