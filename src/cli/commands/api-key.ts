import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ApiKeyView, apiKeyView } from '#identity/api-keys/contract.ts';
import type { ApiKeyId } from '#lib/ids.ts';
import { parseScope, SCOPES } from '#lib/scopes.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import { parseApiKeyId } from '../values.ts';

/** `api-key create|list|revoke`. */
export function addApiKeyCommands(program: Command): void {
  const apiKey = program.command('api-key').description('keys with which services call the API');
  const scope = new Option('--scope <scope>', `what it may do, as often as needed: ${SCOPES.join(', ')}`);
  apiKey
    .command('create')
    .description('make a key; its token is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(scope.argParser(collectScope).makeOptionMandatory())
    .option('--expires <instant>', 'when it ends, as 2027-01-31T00:00:00Z', parseInstant)
    .option('--json', 'print JSON')
    .action(createApiKey);
  const list = apiKey.command('list').description('list keys, newest first').option('--json', 'print JSON');
  addPageOptions(list, parseApiKeyId).action(listApiKeys);
  apiKey
    .command('revoke')
    .description('end a key')
    .argument('<key>', 'the id, key_…', parseApiKeyId)
    .option('--json', 'print JSON')
    .action(revokeApiKey);
}

type CreateOptions = OutputOptions & {
  readonly name: string;
  readonly scope: readonly string[];
  readonly expires?: number;
};

async function createApiKey(options: CreateOptions): Promise<void> {
  const { name, scope: scopes, expires: expiresAtMs } = options;
  const { key, token } = await withBank(({ services }) =>
    services.apiKeys.create(CLI_CALLER, { name, scopes, expiresAtMs }),
  );
  const view = { ...apiKeyView(key), token };
  await show(options, view, () => `${renderFields(view)}\n\nKeep the token: it is not shown again.`);
}

async function listApiKeys(options: OutputOptions & PageOptions<ApiKeyId>): Promise<void> {
  const { cursor: after, limit } = options;
  const keys = await withBank(({ services }) => services.apiKeys.list({ after, limit: limit + 1 }));
  const page = pageOf(keys, limit, apiKeyView);
  await show(options, page, () => renderList(COLUMNS, page.data, 'No API keys.') + nextPageHint(page));
}

async function revokeApiKey(id: ApiKeyId, options: OutputOptions): Promise<void> {
  const key = await withBank(async ({ services }) => {
    await services.apiKeys.revoke(CLI_CALLER, id);
    return services.apiKeys.get(id);
  });
  const view = apiKeyView(key);
  await show(options, view, () => renderFields(view));
}

function collectScope(text: string, before: readonly string[] | undefined): string[] {
  if (parseScope(text) === undefined) {
    throw new InvalidArgumentError(`It takes one of ${SCOPES.join(', ')}.`);
  }
  return [...(before ?? []), text];
}

function parseInstant(text: string): number {
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text);
  const instantMs = isInstant ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instantMs))
    throw new InvalidArgumentError('It takes an instant like 2027-01-31T00:00:00Z.');
  return instantMs;
}

const COLUMNS: readonly Column<ApiKeyView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Name', value: ({ name }) => name },
  { title: 'Prefix', value: ({ prefix }) => prefix },
  { title: 'Scopes', value: ({ scopes }) => scopes.join(' ') },
  { title: 'Expires', value: ({ expiresAt }) => expiresAt },
  { title: 'Last used', value: ({ lastUsedAt }) => lastUsedAt },
  { title: 'Revoked', value: ({ revokedAt }) => revokedAt },
];
