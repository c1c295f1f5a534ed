import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { type Api, loadApi, readApi } from '#cli/api/document.ts';
import { NAMES } from '#cli/api/manners.ts';
import { nameOperations } from '#cli/api/names.ts';
import { planOf } from '#cli/api/plan.ts';
import { shapeOf } from '#cli/api/shape.ts';
import { createProgram } from '#cli/program.ts';
import { Shell } from '#cli/shell.ts';
import { runFlorin } from '#test/database/cli/florin.ts';

const api = loadApi();
const names = nameOperations(api, NAMES);
const program = createProgram(Shell.ofProcess());

function find(...path: string[]): Command | undefined {
  return path.reduce<Command | undefined>(
    (command, name) => command?.commands.find((one) => one.name() === name),
    program,
  );
}

test('every operation has one command, with a name that no other has', () => {
  assert.ok(api.operations.length > 100, 'the document was found');
  const taken = new Set<string>();
  for (const { id } of api.operations) {
    const name = names.get(id);
    assert.ok(name !== undefined, id);
    const text = `${name.group} ${name.verb}`;
    assert.match(text, /^[a-z][a-z-]* [a-z][a-z-]*$/, id);
    assert.equal(taken.has(text), false, text);
    taken.add(text);
    assert.ok(find(name.group, name.verb) !== undefined, text);
  }
});

test('names are those of the paths, with the words of what is done', () => {
  const expected = {
    listAccounts: 'accounts list',
    getAccount: 'accounts get',
    openAccount: 'accounts create',
    changeAccount: 'accounts update',
    freezeAccount: 'accounts freeze',
    addHolder: 'accounts add-holder',
    getAccountLimits: 'accounts limits',
    setAccountLimits: 'accounts set-limits',
    listAccountTransactions: 'accounts transactions',
    createBeneficiary: 'beneficiaries create',
    transfer: 'transfers create',
    disburseLoan: 'loans disburse',
    repayLoan: 'loans repay',
    chargeOffLoan: 'loans charge-off',
    getLoanSchedule: 'loans schedule',
    quoteLoan: 'loans quote',
    postBatch: 'transactions post-batch',
    reverseJournalEntry: 'journal-entries reverse',
    setBusinessDate: 'business-date set',
    runEndOfDay: 'end-of-day run',
    rotateApiKey: 'api-keys rotate',
    revokeApiKey: 'api-keys revoke',
    removeHoliday: 'holidays remove',
    getTrialBalance: 'accounting trial-balance',
    confirmTotp: 'auth confirm-totp',
    getKeySet: 'keys list',
  };
  for (const [id, text] of Object.entries(expected)) {
    const { group, verb } = names.get(id) ?? {};
    assert.equal(`${group} ${verb}`, text, id);
  }
});

test('every command has options and arguments of its own names, and tells what it does', () => {
  const visit = (command: Command): void => {
    const flags = command.options.map(({ long }) => long);
    assert.deepEqual(flags, [...new Set(flags)], command.name());
    assert.ok(command.description() !== '' || command === program, command.name());
    for (const option of command.options) assert.notEqual(option.description, '', option.flags);
    assert.match(command.helpInformation(), /^Usage: florin/);
    for (const one of command.commands) visit(one);
  };
  visit(program);
});

test('an option of several fields names them', () => {
  const line = find('journal-entries', 'create')?.options.find(({ long }) => long === '--line');
  assert.match(line?.description ?? '', /: glAccount, side, amount, currency; may be repeated/);
});

test('what is required of something optional says so', () => {
  const options = find('products', 'create')?.options ?? [];
  const about = (long: string) => options.find((one) => one.long === long)?.description ?? '';
  assert.match(about('--code'), /\(required\)$/);
  assert.match(about('--overdraft.allowed'), /\(required with --overdraft\.…\)$/);
  const rate = about('--interest.overdraft.arranged-rate');
  assert.match(rate, /\(required with --interest\.overdraft\.…\)$/);
});

test('what the document requires is asked for, and every field of a body has an option', () => {
  for (const operation of api.operations) {
    const { positionals, flags, fields, secrets } = planOf(operation, api);
    const reached = new Set([
      ...flags.map(({ path }) => path[0]),
      ...positionals.map(({ name }) => name),
      ...secrets.map(({ name }) => name),
    ]);
    for (const { name } of fields) assert.ok(reached.has(name), `${operation.id} ${name}`);
    for (const { in: place, name } of operation.parameters) {
      if (place === 'header' || name === 'limit' || name === 'cursor') continue;
      assert.ok(reached.has(name), `${operation.id} ${name}`);
    }
  }
});

test('florin commands lists them all by tag', async () => {
  const { stdout, exitCode } = await runFlorin(['commands', '--json']);
  assert.equal(exitCode, 0);
  const rows = JSON.parse(stdout) as { command: string; operationId: string }[];
  assert.deepEqual(new Set(rows.map((row) => row.operationId)), new Set(api.operations.map(({ id }) => id)));
  const text = await runFlorin(['commands']);
  assert.match(text.stdout, /^Tag +Command +What it does$/m);
  assert.match(text.stdout, /^Accounts +accounts freeze +Freeze an account/m);
});

/** A document that names its schemas, as generators want it. */
const NAMED = {
  tags: [{ name: 'Things' }],
  paths: {
    '/v1/things': {
      post: {
        operationId: 'createThing',
        tags: ['Things'],
        parameters: [{ $ref: '#/components/parameters/Key' }],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewThing' } } },
        },
        responses: {
          201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        },
      },
    },
  },
  components: {
    parameters: {
      Key: { in: 'header', name: 'Idempotency-Key', required: true, schema: { type: 'string' } },
    },
    schemas: {
      Amount: { type: 'string', pattern: '^-?(0|[1-9][0-9]*)$', description: 'An amount.' },
      Base: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      NewThing: {
        allOf: [
          { $ref: '#/components/schemas/Base' },
          {
            type: 'object',
            required: ['price'],
            properties: {
              price: { $ref: '#/components/schemas/Amount', description: 'What it costs.' },
              note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
              colour: { oneOf: [{ const: 'red' }, { const: 'blue' }] },
            },
          },
        ],
      },
      Person: { type: 'object', required: ['id', 'born'], properties: { id: {}, born: { type: 'string' } } },
      Firm: { type: 'object', required: ['id', 'registered'], properties: { id: {}, registered: {} } },
      Thing: { oneOf: [{ $ref: '#/components/schemas/Person' }, { $ref: '#/components/schemas/Firm' }] },
    },
  },
} satisfies Parameters<typeof readApi>[0] | Record<string, unknown>;

test('references, parts and alternatives of schemas are followed', () => {
  const named: Api = readApi(JSON.parse(JSON.stringify(NAMED)));
  const [operation] = named.operations;
  assert.ok(operation !== undefined);
  const plan = planOf(operation, named);
  assert.equal(plan.isKeyed, true);
  assert.deepEqual(
    plan.flags.map(({ option, isRequired }) => [option.flags, isRequired]),
    [
      ['--name <text>', true],
      ['--price <amount>', true],
      ['--note <text>', false],
      ['--colour <choice>', false],
    ],
  );
  assert.deepEqual(plan.flags[3]?.option.argChoices, ['red', 'blue']);
  assert.equal(plan.flags[1]?.option.description, 'What it costs (required)');
  assert.equal(plan.flags[2]?.opposite?.long, '--no-note');
  const answer = shapeOf({ $ref: '#/components/schemas/Thing' }, named.schemas);
  assert.ok(answer.kind === 'object');
  assert.deepEqual(
    answer.fields.map(({ name, isRequired }) => [name, isRequired]),
    [
      ['id', true],
      ['registered', false],
      ['born', false],
    ],
  );
});
