#!/usr/bin/env node
// Plain JavaScript: starts Florin, with the Node that npm installed for it when the one at hand is too old.
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRunningNodeNewEnough, projectDir, runNode } from './own-node.mjs';

/**
 * The server's heap, in MB. Left alone, V8 lets garbage pile up to suit a machine of 24 GB: 470 MB after batches of
 * 10,000 items. A young generation of 8 would save 60 more, and cost 7 % of the transfers.
 */
const HEAP_FLAGS = ['--max-semi-space-size=24', '--max-old-space-size=512'];

const args = process.argv.slice(2);
const heapFlags = args[0] === 'serve' && !hasOwnHeapFlags() ? HEAP_FLAGS : [];
if (isRunningNodeNewEnough()) {
  // V8 reads them at its own start only: the same process begins again. Windows cannot do that, and does without.
  if (heapFlags.length > 0 && process.platform !== 'win32') {
    const { execPath, execArgv, argv, env } = process;
    process.execve(execPath, [execPath, ...heapFlags, ...execArgv, ...argv.slice(1)], env);
  }
  // A command starts in two thirds of the time. In our own folder, not in the one that all users share.
  module.enableCompileCache(path.join(projectDir, 'node_modules', '.cache', 'compile'));
  const { main } = await import('../src/main.ts');
  await main(args);
} else {
  await runNode([...heapFlags, fileURLToPath(import.meta.url), ...args]);
}

/** Whether whoever starts it has decided about the heap; so has this file, the second time. */
function hasOwnHeapFlags() {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((text) => /old-space-size/.test(text));
}
