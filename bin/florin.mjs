#!/usr/bin/env node
// Plain JavaScript: starts Florin, with the Node that npm installed for it when the one at hand is too old.
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRunningNodeNewEnough, projectDir, runNode } from './own-node.mjs';

const args = process.argv.slice(2);
if (isRunningNodeNewEnough()) {
  // A command starts in two thirds of the time. In our own folder, not in the one that all users share.
  module.enableCompileCache(path.join(projectDir, 'node_modules', '.cache', 'compile'));
  const { main } = await import('../src/main.ts');
  await main(args);
} else {
  runNode([fileURLToPath(import.meta.url), ...args]);
}
