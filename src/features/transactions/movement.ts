import type { EntryDraft, Idempotency, PostingDraft } from '#ledger/entry.ts';
import { checkAll } from '#lib/check-all.ts';
import type { AccountId, BeneficiaryId, TransactionId } from '#lib/ids.ts';
import { cleanLabels, type Labels, labelValues } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { type BankCodeScheme, type PayeeAccount, payeeKey } from '#lib/payee-account.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { cleanName, cleanText, optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type {
  BeneficiaryRef,
  Counterparty,
  PayeeToFind,
  PaymentMode,
  TransactionRow,
} from './transaction.ts';

/** What every movement of money says. The amount is in minor units. */
export type Money = Labels & {
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly description?: string | undefined;
  readonly reference?: string | undefined;
};

/** Money paid in or out at the bank. */
export type CashMovement = Money & {
  readonly kind: 'deposit' | 'withdrawal';
  readonly accountId: AccountId;
  readonly mode: PaymentMode;
  readonly valueDate?: IsoDate | undefined;
};

export type Payee =
  /** `name`: as the payer names them. */
  | { readonly accountId: AccountId; readonly name?: string | undefined }
  | (PayeeAccount & { readonly name?: string | undefined })
  | { readonly beneficiaryId: BeneficiaryId };

/** Money moved from one account of the book to another. */
export type TransferMovement = Money & {
  readonly kind: 'transfer';
  readonly fromAccountId: AccountId;
  readonly to: Payee;
};

export type Movement = CashMovement | TransferMovement;

/** The two ledger sides of a movement, once payee and the bank's own account are known. */
export type Sides = Pick<PostingDraft, 'debit' | 'credit'>;

/** The sides, the beneficiary that is paid, if it is one, and the payee as the payer named it. */
export type Route = {
  readonly sides: Sides;
  readonly beneficiary?: BeneficiaryRef;
  readonly counterparty?: Counterparty;
  readonly payeeToFind?: PayeeToFind;
  /** Whether the payee is at another bank. */
  readonly leavesBank?: boolean;
  /** What its bank's code is, where it has no IBAN. */
  readonly bankCodeScheme?: BankCodeScheme | undefined;
};

/** The operation that asks for a movement by itself. */
export function operationOf({ kind }: Movement): 'deposit' | 'withdraw' | 'transfer' {
  return kind === 'withdrawal' ? 'withdraw' : kind;
}

/** The account that the movement is of: on which cash comes in or out, or which pays. */
export function ownAccountOf(movement: Movement): AccountId {
  return movement.kind === 'transfer' ? movement.fromAccountId : movement.accountId;
}

/** The movement with its texts cleaned. Throws 400 `validation_failed` with `path` before the field. */
export function cleanMovement<Any extends Movement>(movement: Any, path = ''): Any {
  const clean = checkAll({
    to: () => (movement.kind === 'transfer' ? { to: cleanPayee(movement.to, path) } : {}),
    labels: () => cleanLabels(movement, path),
    texts: () =>
      checkAll({
        description: () =>
          optional(movement.description, (text) => cleanText(text, `${path}description`, 500)),
        reference: () => optional(movement.reference, (text) => cleanText(text, `${path}reference`, 140)),
      }),
  });
  return { ...movement, ...clean.to, ...clean.labels, ...clean.texts };
}

function cleanPayee(to: Payee, path: string): Payee {
  if ('beneficiaryId' in to || to.name === undefined) return to;
  return { ...to, name: cleanName(to.name, `${path}toName`, 140) };
}

/** What a movement means, in a fixed order: equal values ask for the same thing. */
export function movementValues(movement: Movement): (string | bigint | null | undefined)[] {
  const { amountMinor, currency, description, reference } = movement;
  const money = [amountMinor, currency, description, reference, ...labelValues(movement)];
  if (movement.kind !== 'transfer') {
    return [movement.accountId, movement.mode, movement.valueDate, ...money];
  }
  const { fromAccountId, to } = movement;
  const name = 'beneficiaryId' in to || to.name === undefined ? [] : [to.name];
  return [fromAccountId, payeeValue(to), ...money, ...name];
}

function payeeValue(to: Payee): string {
  if ('accountId' in to) return to.accountId;
  return 'beneficiaryId' in to ? to.beneficiaryId : payeeKey(to);
}

/** The hash under which a movement is recognised when it is asked for again. */
export function hashMovement(movement: Movement): Buffer {
  return hashRequest(movement.kind, movementValues(movement));
}

/** The journal entry and the transaction row of a movement. */
export function draftMovement(
  movement: Movement,
  { sides, beneficiary, counterparty, leavesBank = false, bankCodeScheme, payeeToFind }: Route,
  header: { readonly entryId: TransactionId; readonly actor: string; readonly idempotency?: Idempotency },
): { draft: EntryDraft; row: TransactionRow } {
  const { amountMinor, currency, description, reference, externalId, metadata } = movement;
  const kind = leavesBank ? 'outgoing_payment' : movement.kind;
  const isTransfer = movement.kind === 'transfer';
  const valueDate = isTransfer ? undefined : movement.valueDate;
  return {
    draft: {
      ...header,
      kind,
      ...(valueDate === undefined ? {} : { valueDate }),
      postings: [{ ...sides, amountMinor, currency }],
    },
    row: {
      id: header.entryId,
      accountId: ownAccountOf(movement),
      type: kind,
      mode: leavesBank ? 'clearing' : isTransfer ? 'online' : movement.mode,
      amountMinor,
      description,
      reference,
      externalId,
      metadata,
      beneficiary,
      payeeToFind,
      counterparty,
      leavesBank,
      bankCodeScheme,
    },
  };
}
