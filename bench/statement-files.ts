import { STATEMENT_FILES } from '#features/statements/contract.ts';
import type { StatementLine } from '#features/statements/statement.ts';
import { documentOf, lineOf } from '#test/support/statement-documents.ts';

/*
 * What it costs to write a statement in each format: `node bench/statement-files.ts [lines]`, a million if not given.
 * Lines a second of Node's processor time, without the database, and the largest memory of the process.
 */
const lineCount = Number(process.argv[2] ?? 1_000_000);
const PAGE_LINES = 1_000;
const page: StatementLine[] = Array.from({ length: PAGE_LINES }, (_, at) =>
  lineOf(
    {
      minor: 100n,
      description: `Invoice ${at} of the customer`,
      reference: `INV-${at}`,
      payerName: 'Jürgen Müller',
    },
    0n,
  ),
);

console.log(`${'format'.padEnd(14)}  lines/s  MB written  MiB resident`);
for (const [format, write] of Object.entries(STATEMENT_FILES)) {
  const document = documentOf(0n, BigInt(lineCount) * 100n, BigInt(lineCount), async function* pages() {
    for (let done = 0; done < lineCount; done += PAGE_LINES) yield page;
  });
  const before = process.cpuUsage();
  let written = 0;
  let resident = 0;
  for await (const piece of write(document)) {
    written += piece.length;
    resident = Math.max(resident, process.memoryUsage.rss());
  }
  const { user, system } = process.cpuUsage(before);
  const perSecond = Math.round(lineCount / ((user + system) / 1e6));
  const figures = [
    String(perSecond).padStart(7),
    (written / 1e6).toFixed(0).padStart(10),
    (resident / 2 ** 20).toFixed(0).padStart(12),
  ];
  console.log(`${format.padEnd(14)}  ${figures.join('  ')}`);
}
