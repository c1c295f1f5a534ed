// node lint.mjs DOCUMENT: judges an OpenAPI document by Redocly's recommended rules; ends with 1 on the least remark.
import { createConfig, lint } from '@redocly/openapi-core';

const EXPECTED = new Set([
  // The keys are asked for without a token or a body: nothing of it can be refused.
  'operation-4xx-response #/paths/~1.well-known~1jwks.json/get/responses',
  // No transaction has the id `batches`, and the other path is of a POST.
  'no-ambiguous-paths #/paths/~1v1~1transactions~1batches~1{id}',
]);

const [document = 'openapi.json'] = process.argv.slice(2);
const config = await createConfig({ extends: ['recommended'] });
const remarks = (await lint({ ref: document, config })).filter(
  ({ ruleId, location }) => !EXPECTED.has(`${ruleId} ${location[0]?.pointer}`),
);
for (const { severity, ruleId, message, location } of remarks) {
  console.error(`${severity} ${ruleId} at ${location[0]?.pointer}: ${message}`);
}
console.log(`${document}: ${remarks.length === 0 ? 'clean' : `${remarks.length} remarks`}`);
if (remarks.length > 0) process.exitCode = 1;
