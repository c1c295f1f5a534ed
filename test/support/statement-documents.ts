import type { StatementDocument } from '#features/statements/document.ts';
import type { StatementLine } from '#features/statements/statement.ts';
import { type Id, randomIds, toTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { isoDate } from '#lib/time/dates.ts';

const EUR = requireCurrency('EUR');

export type Movement = { readonly minor: bigint } & Partial<StatementLine>;

/** A line that moves an amount in minor units. */
export function lineOf({ minor, ...fields }: Movement, balanceMinor: bigint): StatementLine {
  return {
    id: toTypeId('transaction', randomIds.next() as Id<'transaction'>),
    type: 'transfer',
    mode: 'online',
    amount: formatAmount(minor, EUR),
    balanceAfter: formatAmount(balanceMinor, EUR),
    counterpartyAccountId: null,
    counterparty: null,
    payerName: null,
    description: null,
    reference: null,
    purpose: null,
    externalId: null,
    metadata: {},
    reverses: null,
    businessDate: '2026-01-15',
    valueDate: '2026-01-15',
    createdAt: '2026-01-15T12:00:00.000Z',
    ...fields,
  };
}

/** A statement in euros from an opening balance on, whose lines come in pages. */
export function documentOf(
  openingMinor: bigint,
  netMinor: bigint,
  lineCount: bigint,
  pages: StatementDocument['pages'],
): StatementDocument {
  return {
    head: {
      id: null,
      number: null,
      accountId: 'acc_01h455vb4pex5vsknk084sn02q',
      accountNumber: '1000000001',
      iban: 'DE88100100101000000001',
      currency: EUR,
      product: 'Current account EUR',
      bank: { name: 'Test bank', bic: 'FLORDEFFXXX', address: [], supervisoryIds: {} },
      holders: ['Ada Byron'],
      address: [],
      from: '2026-01-01',
      to: '2026-01-31',
      openingBalance: formatAmount(openingMinor, EUR),
      closingBalance: formatAmount(openingMinor + netMinor, EUR),
      madeAt: '2026-02-01T00:00:00.000Z',
    },
    interest: { annualRate: 'aer', rates: [], yieldEarned: null },
    lineCount,
    seqBefore: 0n,
    netMinor,
    through: isoDate('2026-01-31'),
    pages,
  };
}

/** A statement of movements in pages of a few lines. */
export function statementOf(
  openingMinor: bigint,
  movements: readonly Movement[],
  pageLines = 3,
): StatementDocument {
  let balanceMinor = openingMinor;
  const lines = movements.map((movement) => {
    balanceMinor += movement.minor;
    return lineOf(movement, balanceMinor);
  });
  return documentOf(openingMinor, balanceMinor - openingMinor, BigInt(lines.length), async function* pages() {
    for (let at = 0; at < lines.length; at += pageLines) yield lines.slice(at, at + pageLines);
  });
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
