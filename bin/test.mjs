#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: finds the Node that runs our TypeScript, and runs the tests with it.
import { fileURLToPath } from 'node:url';
import { isRunningNodeNewEnough, runNode } from './own-node.mjs';

const args = process.argv.slice(2);
if (isRunningNodeNewEnough()) {
  const { planTests } = await import('../test/runner/plan-tests.ts');
  const plan = planTests(args);
  if (plan === undefined) {
    console.error(`There is no test file ${args.join(' ')}`);
    process.exitCode = 1;
  } else {
    runNode(plan.nodeArgs, plan.options);
  }
} else {
  runNode([fileURLToPath(import.meta.url), ...args]);
}
