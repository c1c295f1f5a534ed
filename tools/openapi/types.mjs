// node types.mjs DOCUMENT FOLDER: writes the types of an OpenAPI document.
import { createClient } from '@hey-api/openapi-ts';

const [input, output] = process.argv.slice(2);
await createClient({ input, output, plugins: ['@hey-api/typescript'], logs: { level: 'silent' } });
