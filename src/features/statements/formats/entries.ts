import { bankReference, type LineType } from '#features/transactions/contract.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { StatementDocument } from '../document.ts';
import type { StatementLine } from '../statement.ts';

/** The other side of a line, as far as it is known. */
export type OtherSide = {
  readonly name: string | null;
  readonly iban: string | null;
  readonly account: string | null;
  readonly bank: string | null;
};

/** A line as the formats of banks have it. */
export type StatementEntry = {
  /** 1, 2, 3, … of the account, over all its statements. */
  readonly lineNumber: bigint;
  /** The bank's, for ever. */
  readonly bankReference: string;
  /** In major units, without a sign. */
  readonly amount: string;
  readonly isCredit: boolean;
  /** Whether it takes another line back: `isCredit` is its own direction all the same. */
  readonly isReversal: boolean;
  readonly bookedOn: IsoDate;
  readonly valueOn: IsoDate;
  readonly type: LineType;
  readonly mode: StatementLine['mode'];
  readonly other: OtherSide | null;
  /** What the payer gave for the payee's bookkeeping. */
  readonly reference: string | null;
  readonly description: string | null;
  readonly purpose: string | null;
};

/** The lines of a statement as entries, the oldest first, page by page. */
export async function* entriesOf({
  seqBefore,
  pages,
}: StatementDocument): AsyncGenerator<readonly StatementEntry[], void> {
  let lineNumber = seqBefore;
  let ordinal = 0;
  let lastId = '';
  for await (const lines of pages()) {
    const entries: StatementEntry[] = [];
    for (const line of lines) {
      lineNumber += 1n;
      // The lines of one transaction follow each other.
      ordinal = line.id === lastId ? ordinal + 1 : 0;
      lastId = line.id;
      entries.push(entryOf(line, lineNumber, bankReference(fromTypeId('transaction', line.id), ordinal)));
    }
    yield entries;
  }
}

function entryOf(line: StatementLine, lineNumber: bigint, reference: string): StatementEntry {
  const { amount, counterparty, payerName } = line;
  const isCredit = !amount.startsWith('-');
  const name = counterparty?.name ?? payerName;
  const { iban = null, account = null, bank = null } = counterparty ?? {};
  return {
    lineNumber,
    bankReference: reference,
    amount: isCredit ? amount : amount.slice(1),
    isCredit,
    isReversal: line.reverses !== null,
    bookedOn: line.businessDate as IsoDate,
    valueOn: line.valueDate as IsoDate,
    type: line.type,
    mode: line.mode,
    other: name === null && iban === null && account === null ? null : { name, iban, account, bank },
    reference: line.reference,
    description: line.description,
    purpose: line.purpose,
  };
}
