import assert from 'node:assert/strict';
import { test } from 'node:test';
import { de } from '../../../console/src/forms/labels/de.ts';
import { en } from '../../../console/src/forms/labels/en.ts';
import { isCode, type Labels, namedBy } from '../../../console/src/forms/labels/named.ts';
import { AREAS } from '../../../console/src/resources/resource.ts';
import { operationsOf, RESOURCES } from '../../../console/src/resources/resources.ts';
import { described, everyField } from './described.ts';

const operations = [...new Set(RESOURCES.flatMap(operationsOf))].map(described);
/** All that stands in a form, a filter or among facts. */
const shown = operations.flatMap(({ operation, shapes }) => {
  const { pathFields, queryFields, body, answer } = operation;
  const tops = [...pathFields, ...queryFields, body, answer].filter((field) => field !== undefined);
  return tops.flatMap((field) => everyField(field, shapes).slice(field === body || field === answer ? 1 : 0));
});
test('a filter is one text in the address, so lists have no filter by metadata', () => {
  const filters = operations.flatMap(({ operation }) => operation.queryFields.map(({ name }) => name));
  assert.ok(filters.includes('externalId'));
  assert.ok(!filters.includes('metadata'));
});

const fields = new Set(shown.map(({ name }) => name));
const values = new Set(shown.flatMap(({ values: all = [] }) => all));
const acts = new Set(
  operations.filter(({ operation }) => operation.method !== 'GET').map(({ operation }) => operation.id),
);

test('every field, value, act, resource and area has its German name', () => {
  for (const name of fields) assert.ok(de.fields[name] !== undefined, `field ${name}`);
  for (const value of values) assert.ok(isCode(value) || de.values[value] !== undefined, `value ${value}`);
  for (const act of acts) assert.ok(de.acts[act] !== undefined, `act ${act}`);
  for (const { name } of RESOURCES) assert.ok(de.resources[name] !== undefined, `resource ${name}`);
  for (const area of AREAS) assert.ok(de.areas[area] !== undefined, `area ${area}`);
});

test('in English what is not in the table is shown in its own words', () => {
  const named = namedBy(en);
  assert.equal(named.field('newBeneficiaryPerDay'), 'New beneficiary per day');
  assert.equal(named.field('iban'), 'IBAN');
  assert.equal(named.value('status', 'pending_settlement'), 'Pending settlement');
  assert.equal(named.act('placeHold'), 'Place hold');
  assert.equal(named.resource('standing-orders'), 'Standing orders');
  for (const name of fields) assert.match(named.field(name), /^[\dA-Z]/, name);
  for (const area of AREAS) assert.ok(named.area(area) !== area, area);
});

test('codes of standards and rights are the same in each language', () => {
  for (const labels of [en, de])
    for (const code of ['30E/360', 'actual/365', 'accounts:read'])
      assert.equal(namedBy(labels).value('any', code), code);
});

test('a word that means another thing in another field is told apart', () => {
  assert.equal(namedBy(de).value('kind', 'current'), 'Girokonto');
  assert.equal(namedBy(de).value('arrearsBucket', 'current'), 'Ohne Verzug');
});

test('no act and no resource is named that is not there', () => {
  const resources = new Set(RESOURCES.map(({ name }) => name));
  for (const labels of [en, de] satisfies Labels[]) {
    for (const act of Object.keys(labels.acts)) assert.ok(acts.has(act), `act ${act}`);
    for (const name of Object.keys(labels.resources)) assert.ok(resources.has(name), `resource ${name}`);
  }
});

test('what stands side by side has different names', () => {
  for (const { shapes } of operations)
    for (const [name, shape] of Object.entries(shapes)) {
      if (!('fields' in shape)) continue;
      for (const labels of [en, de] satisfies Labels[]) {
        const heads: string[] = shape.fields.map((field) => namedBy(labels).field(field.name));
        const twice = heads.filter((head, index) => heads.indexOf(head) !== index);
        assert.deepEqual(twice, [], name);
      }
    }
});
