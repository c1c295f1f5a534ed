import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import {
  hasProgram,
  hasXmlSchema,
  readByAqbanking,
  readByLibofx,
  xmllintFaults,
  xmlSchemaFaults,
} from '#test/support/statement-judges.ts';

/* A year ends between the lines; names are in three scripts, and a text has what formats read as their own. */
const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-12-30' }));
const bank = await api.get('/v1/bank');
created(await api.patch('/v1/bank', { bic: 'FLORDEFFXXX' }, bank.headers.get('etag') ?? ''));
const owner = await api.newCustomer({ givenName: 'Jürgen', familyName: 'Ğül–Łukasz' });
const payee = await api.newCustomer({ givenName: 'Ιωάννης', familyName: 'Παπαδόπουλος' });
const account = await api.newAccount({ customerId: owner.id });
const other = await api.newAccount({ customerId: payee.id });
const empty = await api.newAccount({ customerId: payee.id });
await api.deposit(account, '1000.00', { description: '-Cash: at the <counter> & more' });
await api.transfer(account, other, '30.25', {
  description: 'Rent:-? '.repeat(60).trim(),
  reference: 'RF18539007547034',
});
const taken = await api.transfer(other, account, '5.00', { description: 'Dinner', reference: 'INV-4711' });
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-12-31'));
created(await api.pay(`/v1/transactions/${taken.id}/reverse`, { reason: 'Keyed in twice' }));
await api.withdraw(account, '20.00');

const LINES = ['1000.00', '-30.25', '5.00', '-5.00', '-20.00'];

const path = `/v1/accounts/${account.id}/statement`;
const file = async (format: string, query = ''): Promise<string> => {
  const answer = await api.get(`${path}?format=${format}${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
};

test('each file says what it is', async () => {
  const types: Readonly<Record<string, readonly [string, string]>> = {
    csv: ['text/csv; charset=utf-8', '.csv'],
    csv_semicolon: ['text/csv; charset=utf-8', '-csv_semicolon.csv'],
    camt053: ['application/xml; charset=utf-8', '-camt053.xml'],
    mt940: ['text/plain; charset=us-ascii', '.sta'],
    ofx: ['application/x-ofx', '.ofx'],
    ofx1: ['application/x-ofx', '-ofx1.ofx'],
  };
  for (const [format, [type, ending]] of Object.entries(types)) {
    const { headers } = await api.get(`${path}?format=${format}`);
    assert.equal(headers.get('content-type'), type);
    assert.equal(
      headers.get('content-disposition'),
      `attachment; filename="${account.id}-statement${ending}"`,
    );
  }
  assert.deepEqual(badFields(await api.get(`${path}?format=qif`)), ['format']);
  assert.deepEqual(badFields(await api.get(`/v1/accounts/${account.id}/statements/1?format=camt052`)), [
    'format',
  ]);
});

test('camt messages are valid by their schemas, as two programs read them', async (t) => {
  for (const [format, message] of [
    ['camt053', 'camt.053.001.08'],
    ['camt052', 'camt.052.001.08'],
    ['camt054', 'camt.054.001.08'],
  ] as const) {
    const [whole, empty] = [await file(format), await file(format, '&from=2027-01-02&to=2027-06-30')];
    if (hasProgram('xmllint')) {
      assert.equal(xmllintFaults(message, whole) + xmllintFaults(message, empty), '');
    } else t.diagnostic('xmllint is not installed');
    if (hasXmlSchema()) assert.equal(xmlSchemaFaults(message, whole), '');
    else t.diagnostic('python3-xmlschema is not installed');
  }
  if (hasProgram('xmllint')) {
    const broken = (await file('camt053')).replace('<CdtDbtInd>CRDT</CdtDbtInd>', '');
    assert.match(xmllintFaults('camt.053.001.08', broken), /CdtDbtInd/);
  }
});

test('what others read has each line with its sign, and both balances', {
  skip: !hasProgram('aqbanking-cli'),
}, async () => {
  const camt = readByAqbanking('xml', 'camt_053_001_04', await file('camt053'));
  assert.deepEqual(camt, { amounts: LINES, balances: ['20261230 0.00', '20270101 949.75'] });
  const mt940 = readByAqbanking('swift', 'SWIFT-MT940', await file('mt940'));
  assert.deepEqual(mt940, { amounts: LINES, balances: ['20270101 949.75'] });
  for (const format of ['ofx', 'ofx1']) {
    const ofx = readByAqbanking('ofx', 'default', await file(format));
    assert.deepEqual(ofx, { amounts: LINES, balances: ['20270101 949.75'] });
  }
});

test('quotation marks are themselves in OFX, which has no entity for them', async () => {
  await api.deposit(other, '1.00', { description: 'He said "yes" & <left>' });
  for (const format of ['ofx', 'ofx1']) {
    const { text } = await api.get(`/v1/accounts/${other.id}/statement?format=${format}`);
    assert.match(text, /<MEMO>He said "yes" &amp; &lt;left&gt;/);
  }
});

test('libofx reads each line with its sign', { skip: !hasProgram('ofxdump') }, async () => {
  for (const format of ['ofx', 'ofx1']) assert.deepEqual(readByLibofx(await file(format)), LINES);
});

const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, one]) => one ?? '');

test('a line has one reference in every format and period, and no other line has it', async () => {
  const references = all(await file('camt053'), /<Ntry>.*?<AcctSvcrRef>(\w+)<\/AcctSvcrRef><BkTxCd>/g);
  assert.equal(new Set(references).size, LINES.length);
  for (const reference of references) assert.match(reference, /^[A-Z0-9]{16}$/);
  assert.deepEqual(all(await file('mt940'), /^:61:.*\/\/(\w{16})\r$/gm), references);
  assert.deepEqual(all(await file('ofx'), /<FITID>(\w+)</g), references);
  assert.deepEqual(all(await file('ofx1', '&from=2027-01-01'), /<FITID>(\w+)/g), references.slice(3));
  const numbered = await api.get(`/v1/accounts/${account.id}/statements/1?format=ofx`);
  assert.deepEqual(all(numbered.text, /<FITID>(\w+)</g), references.slice(0, 3));
});

test('one day’s closing is the next one’s opening, in every format', async () => {
  const balances = async (period: string): Promise<string[][]> => [
    all(await file('camt053', period), /<Bal>.*?<Amt Ccy="EUR">([\d.]+)<.*?<\/Bal>/g),
    all(await file('mt940', period), /^:6[02]F:C\d{6}EUR([\d,]+)\r$/gm).map((text) => text.replace(',', '.')),
  ];
  for (const found of await balances('&to=2026-12-31')) assert.deepEqual(found, ['0.00', '974.75']);
  for (const found of await balances('&from=2027-01-01')) assert.deepEqual(found, ['974.75', '949.75']);
});

test('a reversal has its own direction, and the roles of what it takes back', async () => {
  const [, , paid = '', reversal = ''] = all(await file('camt053'), /(<Ntry>.*<\/Ntry>)/g);
  assert.match(paid, /<CdtDbtInd>CRDT<\/CdtDbtInd><Sts>.*<Dbtr>/);
  assert.match(reversal, /<CdtDbtInd>DBIT<\/CdtDbtInd><RvslInd>true<\/RvslInd>.*<Dbtr>/);
  assert.match(await file('mt940'), /^:61:2701010101RC5,00NRTIINV-4711\/\//m);
});

test('texts are whole in XML, and in SWIFT’s characters in MT940', async () => {
  const camt = await file('camt053');
  assert.match(camt, /<Nm>Jürgen Ğül–Łukasz<\/Nm>/);
  assert.match(camt, /<Ustrd>-Cash: at the &lt;counter&gt; &amp; more<\/Ustrd>/);
  assert.match(camt, /<Cd>SCOR<\/Cd><\/CdOrPrtry><\/Tp><Ref>RF18539007547034<\/Ref>/);
  const mt940 = await file('mt940');
  assert.match(mt940, /^[A-Za-z0-9/\-?:().,'+ \r\n]+$/);
  assert.match(mt940.replaceAll('\r\n', ''), /\?32Ioannis Papadopoylos/);
});

test('a numbered statement is the same message whenever it is asked for', async () => {
  const read = async () => (await api.get(`/v1/accounts/${account.id}/statements/1?format=camt053`)).text;
  const first = await read();
  assert.match(first, /<ElctrncSeqNb>1<\/ElctrncSeqNb>/);
  assert.equal(await read(), first);
});

test('credits are notified of, and debits are not', async () => {
  const amounts = all(await file('camt054'), /<Ntry>.*?<Amt Ccy="EUR">([\d.]+)<.*?<\/Ntry>/g);
  assert.deepEqual(amounts, ['1000.00', '5.00']);
});

test('a spreadsheet of a country with decimal commas opens it', async () => {
  const rows = (await file('csv_semicolon')).split('\r\n');
  assert.match(rows[0] ?? '', /^\uFEFF?businessDate;valueDate;/);
  assert.match(rows[2] ?? '', /;1000,00;EUR;1000,00;"?'-Cash/);
});

test('an account without a line has files, too', async (t) => {
  const read = async (format: string) =>
    (await api.get(`/v1/accounts/${empty.id}/statement?format=${format}`)).text;
  if (hasProgram('xmllint')) assert.equal(xmllintFaults('camt.053.001.08', await read('camt053')), '');
  else t.diagnostic('xmllint is not installed');
  assert.match(await read('mt940'), /^:60F:C261231EUR0,00\r\n:62F:C270101EUR0,00\r\n-\r\n$/m);
  assert.match(await read('ofx'), /<BALAMT>0\.00<\/BALAMT>/);
});
