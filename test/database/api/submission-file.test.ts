import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { hasProgram, hasXmlSchema, xmllintFaults, xmlSchemaFaults } from '#test/support/statement-judges.ts';

type Submission = { readonly id: string; readonly paymentIds: readonly string[] };

const api = await openApi();
const payer = await api.newCustomer({ givenName: 'Jürgen', familyName: 'Müller & Söhne' });
const account = await api.newAccount({ customerId: payer.id, balance: '1000.00' });

let message = 0;
const claim = async (fields: Readonly<Record<string, unknown>> = {}): Promise<Submission> => {
  message += 1;
  return created(
    await api.pay<Submission>('/v1/outgoing-payments/submit', { message: `out-${message}.xml`, ...fields }),
  );
};
const send = async (fields: Readonly<Record<string, unknown>>): Promise<string> => {
  const request = { fromAccountId: account.id, amount: '12.50', currency: 'EUR', ...fields };
  return created(await api.pay<{ id: string }>('/v1/transfers', request)).id;
};
const IBAN = 'FR1420041010050500013M02606';
const fileOf = (id: string) => api.get(`/v1/submissions/${id}/file`);
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, one]) => one ?? '');

test('the file is refused until the bank has a BIC', async () => {
  await send({ toIban: IBAN, toName: 'Ευρυδίκη', description: 'First' });
  const { id } = await claim();
  refused(await fileOf(id), 422, 'bank_bic_missing');
  const { headers } = await api.get('/v1/bank');
  created(await api.patch('/v1/bank', { bic: 'FLORDEFFXXX' }, headers.get('etag') ?? ''));
  assert.equal((await fileOf(id)).status, 200);
});

test('a payment names its payer and its payee, in the characters of SEPA', async (t) => {
  await send({ toIban: IBAN, toName: 'Café “Ğül” №1', reference: 'RF18539007547034' });
  await send({ toIban: IBAN, toName: 'Ευρυδίκη', description: 'Rent <May>', amount: '0.01' });
  const { id, paymentIds } = await claim();
  const answer = await fileOf(id);
  const { text, headers } = answer;
  assert.equal(headers.get('content-type'), 'application/xml; charset=utf-8');
  assert.equal(headers.get('content-disposition'), `attachment; filename="${id}.xml"`);
  assert.match(text, /<NbOfTxs>2<\/NbOfTxs><CtrlSum>12\.51<\/CtrlSum>/);
  assert.match(text, /<SttlmMtd>CLRG<\/SttlmMtd>.*<Cd>SEPA<\/Cd>/);
  assert.deepEqual(all(text, /<IntrBkSttlmAmt Ccy="EUR">([\d.]+)</g), ['12.50', '0.01']);
  assert.deepEqual(all(text, /<Dbtr><Nm>([^<]+)</g), ['Jurgen Muller . Sohne', 'Jurgen Muller . Sohne']);
  assert.deepEqual(all(text, /<Cdtr><Nm>([^<]+)</g), ['Cafe .Gul. No1', 'Eyrydiki']);
  assert.match(text, /<Ref>RF18539007547034<\/Ref>/);
  assert.match(text, /<Ustrd>Rent \.May\.<\/Ustrd>/);
  assert.equal(new Set(all(text, /<UETR>([0-9a-f-]{36})</g)).size, paymentIds.length);
  assert.equal((await fileOf(id)).text, text);
  if (hasProgram('xmllint')) assert.equal(xmllintFaults('pacs.008.001.08', text), '');
  else t.diagnostic('xmllint is not installed');
  if (hasXmlSchema()) assert.equal(xmlSchemaFaults('pacs.008.001.08', text), '');
  else t.diagnostic('python3-xmlschema is not installed');
});

test('banks settle on the day of the claim, or on the next business day', async () => {
  const { id } = await claimOne();
  const dayOf = async () => all((await fileOf(id)).text, /<IntrBkSttlmDt>([\d-]+)</g);
  const [today = ''] = await dayOf();
  created(await api.post('/v1/holidays', { date: today, name: 'Day off' }));
  const [next = ''] = await dayOf();
  assert.ok(next > today, next);
});

async function claimOne(): Promise<Submission> {
  await send({ toIban: IBAN, toName: 'Eve' });
  return claim();
}

test('payments in two currencies are two files, each with its own message', async () => {
  const dollars = await api.newAccount({ customerId: payer.id, currency: 'USD', balance: '100.00' });
  await send({ toIban: IBAN, toName: 'Eve' });
  await send({ fromAccountId: dollars.id, currency: 'USD', toIban: IBAN, toName: 'Eve', amount: '3.00' });
  const { id } = await claim();
  const problem = refused(await fileOf(id), 422, 'submission_mixed');
  assert.match(problem.detail, /EUR and USD/);
  const messages = new Set<string>();
  for (const currency of ['EUR', 'USD']) {
    const { text } = await api.get(`/v1/submissions/${id}/file?currency=${currency}`);
    assert.match(text, new RegExp(`<TtlIntrBkSttlmAmt Ccy="${currency}">`));
    for (const one of all(text, /<MsgId>(\w+)</g)) messages.add(one);
  }
  assert.equal(messages.size, 2);
  refused(await api.get(`/v1/submissions/${id}/file?currency=CHF`), 409, 'nothing_to_submit');
});

test('a bank without IBANs is named by its code in the clearing', async (t) => {
  const toAccount = { type: 'us_aba', bankCode: '021000021', accountNumber: '87144583' };
  await send({ toAccount, toName: 'Eve' });
  const { text } = await fileOf((await claim()).id);
  assert.match(text, /<ClrSysId><Cd>USABA<\/Cd><\/ClrSysId><MmbId>021000021<\/MmbId>.*<Othr><Id>87144583</);
  if (hasProgram('xmllint')) assert.equal(xmllintFaults('pacs.008.001.08', text), '');
  else t.diagnostic('xmllint is not installed');
});

test('what came back after the claim is not sent again', async () => {
  const [kept, returned] = [
    await send({ toIban: IBAN, toName: 'Eve' }),
    await send({ toIban: IBAN, toName: 'Eve' }),
  ];
  const { id } = await claim();
  created(
    await api.pay(`/v1/outgoing-payments/${returned}/return`, { reason: 'closed', reasonCode: 'AC04' }),
  );
  assert.equal((await fileOf(id)).text.includes('<NbOfTxs>1</NbOfTxs>'), true, kept);
});

test('payments that are named are not chosen by currency as well', async () => {
  const id = await send({ toIban: IBAN, toName: 'Eve' });
  const request = { message: 'both.xml', ids: [id], currency: 'USD', limit: 1 };
  const answer = await api.leavesNothing(() => api.pay('/v1/outgoing-payments/submit', request));
  assert.deepEqual(badFields(answer), ['currency', 'limit']);
});

test('a name of which nothing is left is refused, and names its payment', async () => {
  const id = await send({ toIban: IBAN, toName: '𒀀𒀁' });
  const problem = refused(await fileOf((await claim()).id), 422, 'payment_not_writable');
  assert.equal(problem.detail, `The payee’s name of ${id} cannot be written in the characters of payments.`);
});

test('who may not read the payments of all customers gets no file', async () => {
  const { id } = await claimOne();
  const teller = await api.as('teller');
  refused(await teller.get(`/v1/submissions/${id}/file`), 403, 'forbidden');
  refused(await api.get('/v1/submissions/sub_01h455vb4pex5vsknk084sn02q/file'), 404, 'not_found');
});
