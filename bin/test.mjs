#!/usr/bin/env node
// Plain JavaScript: runs the tests. Arguments that start with a dash go to `node --test` (write values as
// --name=value), the others name test files; without any, all tests run.
import path from 'node:path';
import { projectDir, runNode } from './own-node.mjs';

const ALL_TESTS = ['test/**/*.test.ts'];
// Two test files at a time: each works a database of its own on the one server, and two cores are all we count on.
const CONCURRENCY = 2;

/** What Node has compiled once: a test file starts in two thirds of the time. */
const COMPILE_CACHE = path.join(projectDir, 'node_modules', '.cache', 'florin-test');

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
  { cwd: projectDir, env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE } },
);
