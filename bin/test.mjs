#!/usr/bin/env node
// Plain JavaScript: runs the tests. Arguments that start with a dash go to `node --test` (write values as
// --name=value), the others name test files; without any, all tests run.
import { projectDir, runNode } from './own-node.mjs';

const ALL_TESTS = ['test/**/*.test.ts', 'src/**/*.test.ts'];
// Two test files at a time: each works a database of its own on the one server, and two cores are all we count on.
const CONCURRENCY = 2;

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('-'));
const files = args.filter((arg) => !arg.startsWith('-'));

runNode(
  [
    '--test',
    '--test-global-setup=test/support/global-setup.ts',
    `--test-concurrency=${CONCURRENCY}`,
    ...flags,
    ...(files.length > 0 ? files : ALL_TESTS),
  ],
  { cwd: projectDir },
);
