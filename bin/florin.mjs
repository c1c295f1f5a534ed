#!/usr/bin/env node
// Plain JavaScript: starts Florin, with the Node that npm installed for it when the one at hand is too old.
import { fileURLToPath } from 'node:url';
import { isRunningNodeNewEnough, runNode } from './own-node.mjs';

const args = process.argv.slice(2);
if (isRunningNodeNewEnough()) {
  const { main } = await import('../src/main.ts');
  await main(args);
} else {
  runNode([fileURLToPath(import.meta.url), ...args]);
}
