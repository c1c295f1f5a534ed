// node generate.mjs DOCUMENT FOLDER: writes a client of an OpenAPI document, as a stranger would make one.
import { createClient } from '@hey-api/openapi-ts';

const [input, output] = process.argv.slice(2);
await createClient({
  input,
  output,
  plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
  logs: { level: 'error' },
});
