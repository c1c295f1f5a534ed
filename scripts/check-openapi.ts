import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installFolder, run } from './install-folder.ts';

const FOLDER = 'tools/openapi';
const DOCUMENT = path.resolve('openapi.json');

/** What a program of somebody else would say to the generated client; it only has to compile. */
const CALLER = `import { createClient } from './client/client/index.ts';
import { listAccounts, listLoans, transfer } from './client/index.ts';
import type { Account, Loan, Problem, Transaction } from './client/index.ts';

const client = createClient({ baseUrl: 'http://127.0.0.1:8080', auth: () => 'florin_key' });

export async function payFirst(amount: string): Promise<Transaction | Problem['code']> {
  const accounts = await listAccounts({ client, query: { status: 'active' } });
  const [from, to]: Account[] = accounts.data?.data ?? [];
  if (from === undefined || to === undefined) throw new Error('two accounts are needed');
  const body = { fromAccountId: from.id, toAccountId: to.id, amount, currency: from.currency };
  const { data, error } = await transfer({ client, headers: { 'Idempotency-Key': 'first' }, body });
  // A dry run has the transaction that would be.
  if (data !== undefined && 'entries' in data) return data.result;
  return data ?? error?.code ?? 'internal';
}

export async function outstanding(): Promise<Loan[]> {
  const { data } = await listLoans({ client });
  return data?.data ?? [];
}
`;

const COMPILER_OPTIONS = {
  strict: true,
  noEmit: true,
  target: 'es2024',
  module: 'esnext',
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: [],
};

/**
 * `npm run openapi:check`: openapi.json before judges that are not ours. A linter has nothing to say of it, and a client
 * that a public generator makes of it compiles, with the names that its users would write.
 */
function main(): void {
  installFolder(FOLDER);
  run(['node', 'scripts/licences.ts', FOLDER]);
  run(['node', `${FOLDER}/lint.mjs`, DOCUMENT]);
  const folder = mkdtempSync(path.join(tmpdir(), 'florin-client-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  run(['node', `${FOLDER}/generate.mjs`, DOCUMENT, path.join(folder, 'client')]);
  writeFileSync(path.join(folder, 'caller.ts'), CALLER);
  const settings = { compilerOptions: COMPILER_OPTIONS, include: ['.'] };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
  run(['tsc', '-p', folder]);
  console.log('a generated client compiles');
}

main();
