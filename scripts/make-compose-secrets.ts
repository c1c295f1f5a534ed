import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newDataKeyText } from '#lib/data-key.ts';

/** 192 random bits: 32 letters, digits, - and _, which no URL or env file reads differently. */
const PASSWORD_BYTES = 24;
const ADMIN_EMAIL = 'admin@florin.localhost';
const FOLDER = join('deploy', 'secrets');

/**
 * `npm run compose:secrets`: makes the passwords and the data key that compose.yaml hands out, once. The folder is its
 * owner's alone; the files in it are readable, because the containers that see them run under other accounts.
 */
function main(): void {
  if (existsSync(FOLDER)) {
    console.error(`${FOLDER} exists already: its contents open the database, and are never replaced.`);
    process.exitCode = 1;
    return;
  }
  const [ownerPassword, metricsToken] = [newPassword(), newPassword()];
  const files: Record<string, string> = {
    'postgres-password': newPassword(),
    'owner-password': ownerPassword,
    'grafana-password': newPassword(),
    'metrics-token': metricsToken,
    'florin.env': [
      // Between two containers of one machine.
      `DATABASE_URL=postgres://florin_owner:${ownerPassword}@postgres:5432/florin?sslmode=disable`,
      `FLORIN_DATA_KEY=${newDataKeyText()}`,
      `FLORIN_METRICS_TOKEN=${metricsToken}`,
      `FLORIN_ADMIN_EMAIL=${ADMIN_EMAIL}`,
      `FLORIN_ADMIN_PASSWORD=${newPassword()}`,
      '',
    ].join('\n'),
  };
  // All or nothing: a start with half of the files would make a database that the other half does not open.
  const unfinished = `${FOLDER}.unfinished-${process.pid}`;
  mkdirSync(unfinished, { mode: 0o700 });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(unfinished, name), text, { mode: 0o644 });
  renameSync(unfinished, FOLDER);
  console.log(`Made ${FOLDER}: keep a copy of florin.env as safe as the database. Log in as ${ADMIN_EMAIL}.`);
}

function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

main();
