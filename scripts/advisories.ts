import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { readAuditReport } from './audit-report.ts';

/**
 * `npm run advisories`: what the registry knows of weaknesses in the packages of the lockfile; ends with 1 when one
 * of them is high or critical. Not every registry answers that question (a mirror may not, and offline none does): it
 * then says so and ends with 0, or with 1 under `--required`, which is how the workflows run it.
 */
function main(): void {
  const { values } = parseArgs({ options: { required: { type: 'boolean', default: false } } });
  const { stdout } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], { encoding: 'utf8' });
  const report = readAuditReport(stdout);
  if (report.kind === 'unanswered') {
    console.error(`The registry at hand knows of no advisories (${report.reason}): nothing was checked.`);
    if (values.required) process.exitCode = 1;
    return;
  }
  for (const { name, severity } of report.grave) console.error(`${name}: ${severity}; see npm audit`);
  console.log(
    `${report.grave.length} packages with a high or critical weakness, ${report.others} with others.`,
  );
  if (report.grave.length > 0) process.exitCode = 1;
}

main();
