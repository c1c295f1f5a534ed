import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  operationsOf,
  RESOURCE_OF_ID,
  RESOURCES,
  resourceNamed,
} from '../../../console/src/resources/resources.ts';
import { BY_HAND, WITHOUT_SCREEN } from '../../../console/src/resources/without-screen.ts';
import { DESCRIBED, described, fieldAt } from './described.ts';

const CONSOLE = new URL('../../../console/src/', import.meta.url);

test('every operation of the document has a screen, or a written reason', () => {
  const shown = new Set([...RESOURCES.flatMap(operationsOf), ...Object.values(BY_HAND).flatMap(Object.keys)]);
  for (const id of DESCRIBED.keys())
    assert.ok(shown.has(id) || WITHOUT_SCREEN[id] !== undefined, `${id} has neither a screen nor a reason`);
  for (const id of shown) assert.ok(DESCRIBED.has(id), `${id} is shown, and is not in the document`);
  for (const [id, reason] of Object.entries(WITHOUT_SCREEN)) {
    assert.ok(DESCRIBED.has(id), `${id} is not in the document`);
    assert.ok(!shown.has(id), `${id} has a screen, and needs no reason`);
    assert.ok(reason.length > 30, `${id} has a reason that explains it`);
  }
});

test('a screen made by hand calls the operations that it stands for', () => {
  for (const [file, operations] of Object.entries(BY_HAND)) {
    const source = readFileSync(new URL(file, CONSOLE), 'utf8');
    for (const [operation, call] of Object.entries(operations))
      assert.ok(source.includes(call), `${file} calls ${call} for ${operation}`);
  }
});

test('names of resources are their addresses, and each is there once', () => {
  const names = RESOURCES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z]+(-[a-z]+)*$/);
});

for (const resource of RESOURCES)
  test(`${resource.name}: its lists, columns, acts and relations are those of the document`, () => {
    const { list, columns = [], record, opens, related = [] } = resource;
    assert.ok(list !== undefined || record !== undefined);
    if (list !== undefined) {
      const { operation, shapes } = described(list);
      assert.equal(operation.method, 'GET');
      assert.ok(operation.answer !== undefined);
      const item = fieldAt(operation.answer, 'data', shapes)?.item;
      assert.ok(item !== undefined, `${list} answers rows`);
      assert.ok(columns.length > 0);
      for (const column of columns)
        assert.ok(fieldAt(item, column, shapes) !== undefined, `a row of ${list} has ${column}`);
      if (opens !== undefined) assert.ok(resourceNamed(opens) !== undefined, opens);
    }
    if (record !== undefined) {
      assert.equal(described(record).operation.method, 'GET');
      const [own, whole] = [record, list ?? record].map((id) => described(id).operation.pathFields.length);
      assert.ok(list === undefined || own !== whole, 'an address is either that of the list or of a record');
    }
    for (const { operation } of [
      ...(resource.starts ?? []),
      ...(resource.rowActs ?? []),
      ...(resource.acts ?? []),
    ])
      assert.notEqual(described(operation).operation.method, 'GET', operation);
    for (const { resource: name, by } of related) assertRelated(record ?? '', name, by);
  });

/** Each parameter is taken by the other resource, and each value is in the record. */
function assertRelated(record: string, name: string, by: Readonly<Record<string, string>>): void {
  const target = resourceNamed(name);
  assert.ok(target !== undefined, name);
  const operations = [target.list, target.record].filter((id) => id !== undefined).map(described);
  for (const [parameter, field] of Object.entries(by)) {
    const isTaken = operations.some(({ operation: { pathFields, queryFields } }) =>
      [...pathFields, ...queryFields].some((taken) => taken.name === parameter),
    );
    assert.ok(isTaken, `${name} takes ${parameter}`);
    const { operation, shapes } = described(record);
    assert.ok(
      operation.answer !== undefined && fieldAt(operation.answer, field, shapes) !== undefined,
      field,
    );
  }
}

test('an id of each kind that has a record leads to it', () => {
  for (const { name, record } of RESOURCES) {
    const [only, ...rest] = record === undefined ? [] : described(record).operation.pathFields;
    // Those of an account or a customer are about it, and have no id of their own.
    if (only?.prefix === undefined || rest.length > 0) continue;
    const known = RESOURCE_OF_ID[only.prefix];
    assert.ok(known !== undefined, `${only.prefix}_ leads to ${name}`);
    assert.ok(resourceNamed(known) !== undefined, known);
  }
});
