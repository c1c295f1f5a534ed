import type { TransactionRow } from '#features/transactions/contract.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { type AccountId, type IdSource, newId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Money that moves by the contract of a deposit. */
export type Movement = { readonly draft: EntryDraft; readonly row: TransactionRow };

/** A transfer between two accounts of customers that the contract of one of them asks for. Minor units. */
export function contractTransfer(
  ids: IdSource,
  {
    from,
    to,
    ...transfer
  }: {
    readonly actor: string;
    readonly from: AccountId;
    readonly to: AccountId;
    readonly amountMinor: bigint;
    readonly currency: Currency;
    readonly description: string;
    /** The business date if not given. */
    readonly valueDate?: IsoDate;
  },
): Movement {
  const { actor, amountMinor, currency, description, valueDate } = transfer;
  const entryId = newId(ids, 'transaction');
  return {
    draft: {
      entryId,
      kind: 'transfer',
      actor,
      isOfContract: true,
      ...(valueDate === undefined ? {} : { valueDate }),
      postings: [{ debit: from, credit: to, amountMinor, currency }],
    },
    row: { id: entryId, accountId: from, type: 'transfer', mode: 'internal', amountMinor, description },
  };
}
