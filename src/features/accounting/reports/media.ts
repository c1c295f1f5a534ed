export const CSV = 'text/csv';
export const PDF = 'application/pdf';

/** For `response` of a route: a report in one of three media types. */
export const reportAnswer = <Schema>(schema: Schema) => ({
  description: 'The report.',
  content: {
    'application/json': { schema },
    [CSV]: { schema: { type: 'string', description: 'UTF-8, one row for each of the report.' } },
    [PDF]: { schema: { type: 'string', format: 'binary', description: 'One or more pages.' } },
  },
});
