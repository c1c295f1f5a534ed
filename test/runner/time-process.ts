import path from 'node:path';
import { PROJECT_FOLDER } from '#test/support/test-home.ts';
import { noteTime, processorTimeNow } from './processor-time.ts';

// Loaded into the process of a test file before it: notes at its end what it took. The process that starts those of
// the files loads it too.
if (process.env.NODE_TEST_CONTEXT !== undefined) {
  const { postgres } = processorTimeNow();
  process.once('exit', () => {
    const file = path.relative(PROJECT_FOLDER, process.argv[1] ?? '');
    noteTime(file, { node: 0, children: 0, postgres }, processorTimeNow());
  });
}
