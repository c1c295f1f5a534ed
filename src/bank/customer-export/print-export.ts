import { setImmediate as nextTurn } from 'node:timers/promises';
import { LINE_WIDTH, MARGIN, Paper } from '#paper/paper.ts';
import type { CustomerExport } from './schemas.ts';

const STYLE = { size: 8.5 };
const LINE_HEIGHT = 11;
/** Names of fields stand in a column of this width, in points. */
const NAME_WIDTH = 150;
const VALUE_WIDTH = LINE_WIDTH - NAME_WIDTH;
/** Between two records. */
const GAP = 8;
/** Records between two turns of other work: a long history takes seconds. */
const RECORDS_A_TURN = 50;

type PartName = Exclude<keyof CustomerExport, 'generatedAt' | 'cutOff'>;

/** The parts, in the order of the paper. */
export const TITLES: readonly [part: PartName, title: string][] = [
  ['customer', 'The customer'],
  ['taxExemptions', 'Tax exemptions'],
  ['accounts', 'Accounts'],
  ['limits', 'Limits'],
  ['transactions', 'Transactions'],
  ['outgoingPayments', 'Payments to other banks'],
  ['incomingPayments', 'Payments from other banks'],
  ['fees', 'Fees'],
  ['statements', 'Statements'],
  ['invitations', 'Invitations'],
  ['beneficiaries', 'Beneficiaries'],
  ['standingOrders', 'Standing orders'],
  ['standingOrderHistories', 'Due dates of standing orders'],
  ['holds', 'Holds'],
  ['attachments', 'Attachments'],
  ['timeDeposits', 'Deposits for a term'],
  ['timeDepositHistories', 'What happened to deposits'],
  ['loans', 'Loans'],
  ['loanHistories', 'What happened to loans'],
  ['securedLoans', 'Loans of others that are stood for'],
  ['users', 'Users'],
  ['sessions', 'Open sessions'],
  ['auditLog', 'What was done, by whom'],
];

/** Prints an export on A4: a part after the other, a line for each field that has a value. */
export async function printExport(found: CustomerExport): Promise<Buffer> {
  const title = `Everything about ${found.customer.id}`;
  const parts = TITLES.map(([part, heading]): Part => {
    const value = found[part];
    const records: readonly unknown[] = Array.isArray(value) ? value : [value];
    const cut = found.cutOff.includes(part) ? ', the newest' : '';
    return {
      heading: `${heading} (${records.length}${cut})`,
      records: records.map((record) => fieldsOf(record, '')),
    };
  });
  const paper = await Paper.open({
    title,
    language: 'en',
    orientation: 'portrait',
    createdAtMs: Date.parse(found.generatedAt),
    texts: parts.flatMap(({ records }) => records.flat(2)),
    hasPageNumbers: false,
  });
  await new ExportPrinter(paper).print(title, `Read at ${found.generatedAt}.`, parts);
  return paper.finish();
}

type Field = readonly [name: string, value: string];
type Part = { readonly heading: string; readonly records: readonly (readonly Field[])[] };
type Element = ReturnType<Paper['element']>;

/** Writes from the top of the first page down. */
class ExportPrinter {
  readonly #paper: Paper;
  /** The base line of what comes next. */
  #y = MARGIN + LINE_HEIGHT;

  constructor(paper: Paper) {
    this.#paper = paper;
  }

  async print(title: string, subtitle: string, parts: readonly Part[]): Promise<void> {
    this.#heading(this.#paper.element('Sect'), 'H1', title, 14);
    this.#paper.text(this.#paper.element('Sect'), 'P', subtitle, STYLE, this.#place(MARGIN, LINE_WIDTH));
    for (const { heading, records } of parts) {
      this.#y += 2 * LINE_HEIGHT;
      const section = this.#paper.element('Sect');
      this.#heading(section, 'H2', heading, 11);
      for (const [index, record] of records.entries()) {
        if (index % RECORDS_A_TURN === 0) await nextTurn();
        this.#y += GAP;
        this.#record(
          section,
          record.flatMap((field) => this.#linesOf(field)),
        );
      }
    }
  }

  #heading(parent: Element, type: 'H1' | 'H2', text: string, size: number): void {
    this.#turnPageBefore(3);
    this.#paper.text(parent, type, text, { size, isBold: true }, this.#place(MARGIN, LINE_WIDTH));
    this.#y += 1.5 * size;
  }

  /** The lines of a field, each with its part of the name and of the value. */
  #linesOf([name, value]: Field): Field[] {
    const names = this.#paper.linesOf(name, STYLE, NAME_WIDTH - GAP);
    const values = value.split('\n').flatMap((line) => this.#paper.linesOf(line, STYLE, VALUE_WIDTH));
    const count = Math.max(names.length, values.length);
    return Array.from({ length: count }, (_, index) => [names[index] ?? '', values[index] ?? '']);
  }

  /** A record is one element on each of its pages. */
  #record(section: Element, lines: readonly Field[]): void {
    for (let done = 0; done < lines.length; ) {
      this.#turnPageBefore(1);
      const left = Math.floor((this.#paper.height - MARGIN - this.#y) / LINE_HEIGHT) + 1;
      const onPage = lines.slice(done, done + left);
      this.#paper.block(section, 'P', () => {
        for (const [name, value] of onPage) {
          if (name !== '') this.#paper.plainText(name, STYLE, this.#place(MARGIN, NAME_WIDTH));
          if (value !== '')
            this.#paper.plainText(value, STYLE, this.#place(MARGIN + NAME_WIDTH, VALUE_WIDTH));
          this.#y += LINE_HEIGHT;
        }
      });
      done += onPage.length;
    }
  }

  #place(x: number, width: number): { x: number; y: number; width: number } {
    return { x, y: this.#y, width };
  }

  #turnPageBefore(lines: number): void {
    if (this.#y + (lines - 1) * LINE_HEIGHT <= this.#paper.height - MARGIN) return;
    this.#paper.addPage();
    this.#y = MARGIN + LINE_HEIGHT;
  }
}

/** The fields that have a value, those of objects in it under a path. */
function fieldsOf(value: unknown, path: string): [name: string, value: string][] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object') return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, member]) => {
    const label = Array.isArray(value)
      ? `${path} ${Number(name) + 1}`
      : path === ''
        ? name
        : `${path}.${name}`;
    return fieldsOf(member, label);
  });
}
