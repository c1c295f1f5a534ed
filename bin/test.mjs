#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: finds the Node that runs our TypeScript, and runs the tests with it.
import { fileURLToPath } from 'node:url';
import { isRunningNodeNewEnough, runNode } from './own-node.mjs';

const args = process.argv.slice(2);
if (isRunningNodeNewEnough()) {
  const { planTests } = await import('../test/runner/plan-tests.ts');
  const runs = planTests(args);
  if (runs.length === 0) {
    console.error(`There is no test file ${args.join(' ')}`);
    process.exitCode = 1;
  }
  for (const { nodeArgs, options } of runs) {
    if (process.exitCode) console.error('Tests failed: see above. Those of processes and files go on.');
    await runNode(nodeArgs, options);
  }
} else {
  await runNode([fileURLToPath(import.meta.url), ...args]);
}
