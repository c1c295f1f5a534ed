import { type StatementDocument, Totals } from '../document.ts';

/** JSON in pieces: the fields, `lines` with one on each row, `totals` and `interest`. A million lines take no more memory than a page. */
export async function* statementJson({
  head,
  pages,
  interest,
}: StatementDocument): AsyncGenerator<string, void> {
  const fields = JSON.stringify(head, null, 2);
  yield `${fields.slice(0, fields.lastIndexOf('\n'))},\n  "lines": [`;
  const totals = new Totals();
  let separator = '';
  for await (const lines of pages()) {
    totals.add(lines);
    yield lines
      .map((line, index) => `${index === 0 ? separator : ','}\n    ${JSON.stringify(line)}`)
      .join('');
    separator = ',';
  }
  const sums = JSON.stringify(totals.view(head.currency));
  yield `\n  ],\n  "totals": ${sums},\n  "interest": ${JSON.stringify(interest)}\n}\n`;
}
