import assert from 'node:assert/strict';
import { type Answer, withOtherBodies } from '#test/support/api.ts';
import type { Fields } from './examples.ts';

const TYPE_ID = /^([a-z]+)_[0-9a-z]{26}$/;
const DATE = /^\d{4}-\d\d-\d\d/;

/** Fields whose value is of one bank: no example can know it. */
const OF_THE_BANK = ['code', 'email', 'iban', 'oldPassword', 'password', 'product', 'refreshToken', 'toIban'];

/**
 * Does an act with the example of the document as its body. Of the act's own body it has what is of this bank: ids,
 * dates, IBANs and secrets. Everything else is as the document says it.
 */
export function withExample(example: Fields | undefined, act: () => Promise<Answer>): Promise<Answer> {
  if (example === undefined) return act();
  return withOtherBodies((given) => ofThisBank(example, given) as Fields, act);
}

function ofThisBank(example: unknown, given: unknown, name = 'body'): unknown {
  if (Array.isArray(example)) {
    const items = Array.isArray(given) ? given : [];
    return example.map((item: unknown, index) => ofThisBank(item, items[index] ?? items[0], name));
  }
  if (typeof example === 'object' && example !== null) {
    const fields = (given ?? {}) as Fields;
    const shown = Object.entries(example).map(([key, value]) => [key, ofThisBank(value, fields[key], key)]);
    return Object.fromEntries(shown);
  }
  if (typeof example !== 'string') return example;
  const [, kind] = TYPE_ID.exec(example) ?? [];
  if (kind !== undefined) {
    assert.match(String(given), new RegExp(`^${kind}_`), `the act does not say ${name}`);
    return given;
  }
  return OF_THE_BANK.includes(name) || DATE.test(example) ? (given ?? example) : example;
}
