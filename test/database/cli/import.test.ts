import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openDatabase } from '#db/database.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { openFlorin } from './florin.ts';

const florin = await openFlorin();
const folder = await mkdtemp(join(tmpdir(), 'florin-import-'));
after(() => rm(folder, { recursive: true }));

const file = async (name: string, ...lines: string[]): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
};
const importing = (kind: string, path: string, ...more: string[]) =>
  florin.run('import', kind, path, '--json', ...more);
const done = async (kind: string, path: string, ...more: string[]) => {
  const { exitCode, stdout, stderr } = await importing(kind, path, ...more);
  assert.equal(exitCode, 0, stderr);
  const { dryRun: _, kind: __, ...counts } = JSON.parse(stdout);
  return counts;
};

const CUSTOMERS = [
  'External ID,given_name,Family-Name,dateOfBirth,legalName,email,line1,city,postalCode,country,metadata.branch',
  'M-1,Ada,Byron,1980-12-10,,ada@example.com,Lindenstraße 1,Berlin,10969,DE,north',
  'M-2,,,,Chess Club,,,,,,',
];
const ACCOUNTS = [
  'externalId,customerExternalId,product,currency,overdraftLimit',
  'A-1,M-1,current,EUR,100.00',
  'A-2,M-2,savings,EUR,',
];
const BALANCES = ['accountExternalId,amount,currency', 'A-1,-20.50,EUR', 'A-2,1000.00,EUR'];

test('a template of each kind can be imported as it is, one after the other', async () => {
  for (const kind of ['customers', 'accounts', 'balances']) {
    const template = await florin.run('import', 'template', kind);
    assert.equal(template.exitCode, 0);
    const path = await file(`template-${kind}.csv`, template.stdout.trimEnd());
    assert.deepEqual((await done(kind, path)).imported, 1);
  }
});

test('after an import the planner knows how many rows there are', async () => {
  const { pool } = openDatabase({ databaseUrl: florin.databaseUrl, asApplication: false });
  const { rows } = await pool.query(
    "select reltuples > 0 as known from pg_class where relname = 'customers'",
  );
  await pool.end();
  assert.deepEqual(rows, [{ known: true }]);
});

test('customers, their accounts and balances come in, and a second run books nothing twice', async () => {
  const [customers, accounts, balances] = [
    await file('customers.csv', ...CUSTOMERS),
    await file('accounts.csv', ...ACCOUNTS),
    await file('balances.csv', ...BALANCES),
  ];
  const controls = ['--control-total', 'EUR=979.50', '--control-count', '2'];
  assert.deepEqual(await done('customers', customers, '--dry-run'), {
    rows: 2,
    imported: 0,
    known: 0,
    totals: {},
  });
  for (const imported of [2, 0]) {
    const counts = { rows: 2, imported, known: 2 - imported };
    assert.deepEqual(await done('customers', customers), { ...counts, totals: {} });
    assert.deepEqual(await done('accounts', accounts), { ...counts, totals: {} });
    const totals = { EUR: '979.50' };
    assert.deepEqual(await done('balances', balances, ...controls), { ...counts, totals });
  }
  const [ada] = ((await florin.json('customers', 'list', '--external-id', 'M-1')).data ?? []) as {
    metadata: object;
    address: object;
  }[];
  assert.deepEqual(ada?.metadata, { branch: 'north' });
  for (const [branch, count] of [
    ['north', 1],
    ['south', 0],
  ] as const) {
    const found = await florin.json('customers', 'list', '--metadata', `branch=${branch}`);
    assert.equal((found.data as unknown[]).length, count);
  }
  const [account] = ((await florin.json('accounts', 'list', '--external-id', 'A-1')).data ?? []) as {
    id: string;
    balance: object;
  }[];
  assert.deepEqual(account?.balance, { posted: '-20.50', held: '0.00', available: '79.50' });
  const [line] = ((await florin.json('accounts', 'transactions', account?.id ?? '')).data ?? []) as {
    type: string;
    mode: string;
    amount: string;
  }[];
  assert.deepEqual([line?.type, line?.mode, line?.amount], ['opening_balance', 'internal', '-20.50']);
});

test('every row that is wrong is named with its line and column, and nothing is imported', async () => {
  const path = await file(
    'wrong.csv',
    'externalId,givenName,dateOfBirth,legalName,country,line1,city',
    'W-1,Eva,1990-02-30,,,,',
    'W-2,Eva,1990-02-03,Chess Club,,,',
    'W-3,Eva,2024-02-03,,XX,Street,Town',
    ',Eva,1990-02-03,,,,',
    'W-5,Eva,1990-02-03,,,,',
    'W-5,Eva,1990-02-03,,,,',
  );
  const refused = await importing('customers', path);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /7 problems; nothing was imported/);
  for (const line of [
    'line 2: dateOfBirth is not a date',
    'line 3: givenName does not belong to an organisation',
    'line 4: dateOfBirth must be at least 18 years ago',
    'line 4: country',
    'line 5: externalId is required',
    'line 7: externalId is in the file a second time',
  ]) {
    assert.ok(refused.stderr.includes(line), `${line}\n${refused.stderr}`);
  }
  assert.deepEqual((await florin.json('customers', 'list', '--external-id', 'W-5')).data, []);
});

test('all that is wrong with a line is said at once', async () => {
  const files = {
    customers: await file(
      'all-wrong.csv',
      'externalId,givenName,dateOfBirth,email,line1,city,country',
      'X-1,Eva,1990-02-30,nobody,Street,Town,XX',
    ),
    accounts: await file(
      'all-wrong-accounts.csv',
      'externalId,customerExternalId,product,currency,overdraftLimit',
      'X-1,Q,nothing,EUR,1.005',
    ),
    balances: await file('all-wrong-balances.csv', 'accountExternalId,amount,currency', 'Q,1.005,EUR'),
  };
  const wrong = {
    customers: ['dateOfBirth is not a date', 'email', 'country'],
    accounts: ['customerExternalId is not a customer', 'product is not a product', 'overdraftLimit'],
    balances: ['amount', 'accountExternalId is not an account'],
  };
  for (const kind of ['customers', 'accounts', 'balances'] as const) {
    const { exitCode, stderr } = await importing(kind, files[kind]);
    assert.equal(exitCode, 1);
    for (const one of wrong[kind]) assert.ok(stderr.includes(`line 2: ${one}`), `${one}\n${stderr}`);
  }
});

const WRONG: readonly [
  name: string,
  kind: string,
  lines: readonly string[],
  message: RegExp,
  flags?: string[],
][] = [
  [
    'an unknown header',
    'customers',
    ['externalId,shoeSize', 'X,43'],
    /"shoeSize": is not a column of customers/,
  ],
  ['a missing header', 'balances', ['accountExternalId,amount', 'A-1,1'], /currency: has no header/],
  [
    'an unknown customer',
    'accounts',
    ['externalId,customerExternalId,product,currency', 'X,Q,current,EUR'],
    /line 2: customerExternalId is not a customer/,
  ],
  [
    'an unknown account',
    'balances',
    ['accountExternalId,amount,currency', 'Q,1,EUR'],
    /line 2: accountExternalId is not an account/,
  ],
  [
    'an amount that is rounded',
    'balances',
    ['accountExternalId,amount,currency', 'A-1,1.005,EUR'],
    /line 2: amount/,
  ],
  [
    'more than the overdraft',
    'balances',
    ['accountExternalId,amount,currency', 'A-2,-1,EUR'],
    /line 2: amount is below/,
  ],
  [
    'another currency',
    'balances',
    ['accountExternalId,amount,currency', 'A-1,1,USD'],
    /line 2: currency must be EUR/,
  ],
  [
    'another balance than before',
    'balances',
    ['accountExternalId,amount,currency', 'A-1,7,EUR'],
    /line 2: amount differs/,
  ],
  [
    'another total',
    'balances',
    BALANCES,
    /total EUR is 979.50, and the control total 979.51/,
    ['--control-total', 'EUR=979.51'],
  ],
  ['another count', 'balances', BALANCES, /count is 2, and the control count 3/, ['--control-count', '3']],
  ['a quote that is not closed', 'customers', ['externalId', '"X'], /is not CSV/],
];
for (const [index, [name, kind, lines, message, flags = []]] of WRONG.entries()) {
  test(`${name} is refused`, async () => {
    const refused = await importing(kind, await file(`wrong-${index}.csv`, ...lines), ...flags);
    assert.equal(refused.exitCode, 1, refused.stdout);
    assert.match(refused.stderr, message);
  });
}

test('a kind that does not exist is refused', async () => {
  assert.equal((await florin.run('import', 'template', 'shoes')).exitCode, 2);
});

const TAKE_FILES: [words: string[], exitCode: number][] = [
  [['import', 'customers', '--dry-run'], 1],
  [['holidays', 'load'], 1],
  [['restore'], 1],
  [['audit', 'verify', '--checkpoint'], 2],
  [['customers', 'create', '--body'], 2],
];
for (const [command, exitCode] of TAKE_FILES) {
  test(`${command.join(' ')} says in words why it cannot read a file`, async () => {
    const cases: [path: string, reason: RegExp][] = [
      [join(folder, 'absent'), /there is no such file/],
      [folder, /it is a directory/],
      [join(await file('plain', 'x'), 'inside'), /a part of its path is not a directory/],
    ];
    for (const [path, reason] of cases) {
      const refused = await florin.run(...command, path);
      assert.equal(refused.exitCode, exitCode, refused.stderr);
      assert.match(refused.stderr, reason);
      assert.doesNotMatch(refused.stderr, /E[A-Z]{4,}|syscall|errno/);
    }
  });
}

test('holidays, a checkpoint and a body must be text in UTF-8', async () => {
  const path = join(folder, 'latin-1.csv');
  await writeFile(path, '2026-12-25,No\xebl\n', 'latin1');
  for (const command of [
    ['holidays', 'load'],
    ['audit', 'verify', '--checkpoint'],
    ['customers', 'create', '--body'],
  ]) {
    assert.match((await florin.run(...command, path)).stderr, /is not text in UTF-8/);
  }
});

test('a file in another encoding than UTF-8, and a NUL in it, are refused by line and column', async () => {
  const path = join(folder, 'latin.csv');
  const lines = [
    'externalId,givenName,dateOfBirth,metadata.branch',
    'L-1,J\xfcrgen,1980-12-10,',
    'L-2,Ada,1980-12-10,S\xfcd',
  ];
  await writeFile(path, `${lines.join('\n')}\nL\0,Ada,1980-12-10,\n`, 'latin1');
  const { exitCode, stderr } = await importing('customers', path);
  assert.equal(exitCode, 1);
  for (const said of [
    'line 2: givenName is not UTF-8',
    'line 3: metadata.branch is not UTF-8',
    'line 4: externalId holds NUL',
    'nothing was imported',
  ]) {
    assert.ok(stderr.includes(said), stderr);
  }
  assert.deepEqual((await florin.json('customers', 'list', '--external-id', 'L-2')).data, []);
});

test('headers of other names are mapped, and values stand between other characters', async () => {
  const path = await file('mapped.csv', 'Member;Club', 'M-9;Rowing Club');
  const map = ['--map', 'externalId=Member', '--map', 'legalName=Club', '--delimiter', ';'];
  assert.equal((await done('customers', path, ...map)).imported, 1);
});

test('a file is resumed where it was cut off: what is there stays, the rest comes', async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => `R-${at},Club ${at}`);
  const header = 'externalId,legalName';
  await done('customers', await file('part.csv', header, ...rows(250)));
  const whole = await done('customers', await file('whole.csv', header, ...rows(420)));
  assert.deepEqual([whole.imported, whole.known], [170, 250]);
});

test('the books verify after all that', async () => {
  assert.deepEqual(await brokenLaws(florin.databaseUrl), []);
});
