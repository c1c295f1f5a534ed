import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { generateSdkTypes } from '#scripts/generate-sdk-types.ts';
import { describeAccess } from './access-document.ts';
import { describeAccountNumbers } from './account-numbers-document.ts';
import { describeFeatures, withGenerated } from './describe-features.ts';
import { describeModel } from './describe-model.ts';
import { describeSchema } from './describe-schema.ts';
import { describeErrors } from './errors-document.ts';
import { globalSetup, globalTeardown } from './global-setup.ts';
import { describeApi } from './openapi-document.ts';
import { describeOperations } from './sdk-operations.ts';
import { writeTableTypes } from './table-types.ts';
import { createTestDatabase } from './test-database.ts';

/**
 * Writes what is generated and committed: db/schema.sql, src/db/tables.ts, openapi.json, sdk/src/generated, the table in docs/access.md, the
 * countries in docs/account-numbers.md, the diagrams in docs/data-model.md, the codes in docs/errors.md, the features in ARCHITECTURE.md.
 */
async function generate(): Promise<void> {
  await globalSetup();
  try {
    const { databaseUrl, drop } = await createTestDatabase();
    await mkdir(new URL('../../db/', import.meta.url), { recursive: true });
    await writeFile(new URL('../../db/schema.sql', import.meta.url), await describeSchema(databaseUrl));
    await writeTableTypes(databaseUrl, new URL('../../src/db/tables.ts', import.meta.url).pathname);
    await writeFile(new URL('../../openapi.json', import.meta.url), await describeApi(databaseUrl));
    await writeSdk();
    const accessPage = new URL('../../docs/access.md', import.meta.url);
    const [text = ''] = (await readFile(accessPage, 'utf8')).split(/^\| operation /m);
    await writeFile(accessPage, text + describeAccess());
    const numbersPage = new URL('../../docs/account-numbers.md', import.meta.url);
    const [about = ''] = (await readFile(numbersPage, 'utf8')).split(/^\| country /m);
    await writeFile(numbersPage, about + describeAccountNumbers());
    const architecture = new URL('../../ARCHITECTURE.md', import.meta.url);
    await writeFile(architecture, withGenerated(await readFile(architecture, 'utf8'), describeFeatures()));
    const errorsPage = new URL('../../docs/errors.md', import.meta.url);
    const [intro = ''] = (await readFile(errorsPage, 'utf8')).split(/^## /m);
    await writeFile(errorsPage, intro + (await describeErrors()));
    const modelPage = new URL('../../docs/data-model.md', import.meta.url);
    const [preface = ''] = (await readFile(modelPage, 'utf8')).split(/^## /m);
    await writeFile(modelPage, `${preface.trimEnd()}\n\n${await describeModel(databaseUrl)}`);
    await drop();
  } finally {
    await globalTeardown();
  }
}

/** The calls of the SDK, and their types where the document has changed. */
async function writeSdk(): Promise<void> {
  const document = await readFile(new URL('../../openapi.json', import.meta.url), 'utf8');
  const calls = new URL('../../sdk/src/generated/operations.ts', import.meta.url);
  await writeFile(calls, describeOperations(JSON.parse(document)));
  generateSdkTypes();
}

await generate();
