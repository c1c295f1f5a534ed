import type { TestEvent } from 'node:test/reporters';

/** A reporter that says nothing, and makes a run without any test a failure. */
// biome-ignore lint/style/noDefaultExport: node loads a reporter by its default export
export default async function* refuseNoTest(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type === 'test:summary' && data.file === undefined && data.counts.tests === 0) {
      process.exitCode = 1;
      yield 'No test ran.\n';
    }
  }
}
