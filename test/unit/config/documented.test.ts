import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { effectiveConfig } from '#config/effective-config.ts';
import { loadConfig } from '#config/load-config.ts';
import { VARIABLES } from '#config/variables.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');

/** Defaults that depend on the machine, or that only count with another variable. */
const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  FLORIN_DATA_DIR: './.florin',
  FLORIN_CONFIG_DIR: '~/.config/florin',
  OTEL_SERVICE_NAME: 'florin',
  OTEL_TRACES_SAMPLER_ARG: '1',
};

test('the page has every variable, with the default that is in force and what it is about', () => {
  const expected = effectiveConfig(loadConfig({})).map(({ name, value }) => {
    const shown = SAID_OTHERWISE[name] ?? value;
    return [name, shown === null ? 'unset' : `\`${shown}\``];
  });
  const about: Readonly<Record<string, string>> = VARIABLES;
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` *\| (\S.*?) *\| (.*?) *\|$/gm)].map(
    ([, name, value, text]) => {
      assert.equal(text, about[name ?? '']);
      return [name, value];
    },
  );
  assert.deepEqual(rows, expected);
});
