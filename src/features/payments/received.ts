import { createHash } from 'node:crypto';
import { validationFailed } from '#lib/errors.ts';
import { type Iban, parseIban } from '#lib/iban.ts';
import { plainAccountNumber } from '#lib/payee-account.ts';
import { visibleText } from '#lib/visible-text.ts';

/** As much as a scheme's message carries, and the columns take. */
const MAX_TEXT_LENGTH = 140;
const MAX_ACCOUNT_LENGTH = 35;
/** Of a reference that is too long: its beginning, and a hash of the whole, so that two never become one. */
const KEPT_OF_LONG_REFERENCE = 75;

const BREAKS = /[\p{Cc}\p{Z}\s]+/gu;

/** The texts of a payment as the other side wrote them: anything at all. */
export type ReceivedTexts = {
  readonly externalReference: string;
  readonly iban?: string | undefined;
  /** The number of the account to be credited, where it has no IBAN. */
  readonly creditorAccount?: string | undefined;
  readonly debtorName?: string | undefined;
  readonly debtorIban?: string | undefined;
  readonly reference?: string | undefined;
};

/** The same as they are booked, and as they were where that says more. */
export type BookedTexts = {
  readonly externalReference: string;
  readonly iban: Iban | undefined;
  /** Of the account to be credited, where it is not an IBAN. */
  readonly creditorAccount: string | undefined;
  /** The same as a number of an account here is written, where it was given as one. */
  readonly creditorNumber: string | undefined;
  readonly debtorName: string | undefined;
  readonly debtorIban: Iban | undefined;
  readonly debtorAccount: string | undefined;
  readonly reference: string | undefined;
  readonly asReceived: Readonly<Record<string, string>> | undefined;
};

/**
 * Makes the texts of a payment fit to be booked: the money came, so that no text can be a reason to refuse it. Line
 * breaks and the like become spaces. What is too long is cut. An account that is not an IBAN is kept as what it is. An
 * IBAN goes before a number.
 * What changes is kept whole beside. Throws 400 `validation_failed` for an external reference of nothing but blanks: a
 * payment without a name cannot be booked once.
 */
export function bookReceived(received: ReceivedTexts): BookedTexts {
  const externalReference = fitReference(received.externalReference);
  if (externalReference === undefined) {
    throw validationFailed({ path: 'externalReference', message: 'must not be empty' });
  }
  const iban = parsed(received.iban);
  const debtorIban = parsed(received.debtorIban);
  const creditor = received.creditorAccount ?? received.iban;
  const booked = {
    externalReference,
    iban,
    creditorAccount: iban === undefined ? fit(creditor, MAX_ACCOUNT_LENGTH) : undefined,
    creditorNumber: iban === undefined ? numberOf(received.creditorAccount) : undefined,
    debtorName: fit(received.debtorName, MAX_TEXT_LENGTH),
    debtorIban,
    debtorAccount: debtorIban === undefined ? fit(received.debtorIban, MAX_ACCOUNT_LENGTH) : undefined,
    reference: fit(received.reference, MAX_TEXT_LENGTH),
  };
  const shown: ReceivedTexts = {
    ...booked,
    iban: iban === undefined && creditor === received.iban ? booked.creditorAccount : iban && received.iban,
    debtorIban: debtorIban === undefined ? booked.debtorAccount : received.debtorIban,
  };
  return { ...booked, asReceived: changed(received, shown) };
}

const TEXTS = [
  'externalReference',
  'iban',
  'creditorAccount',
  'debtorName',
  'debtorIban',
  'reference',
] as const;

function changed(
  received: ReceivedTexts,
  shown: ReceivedTexts,
): Readonly<Record<string, string>> | undefined {
  const texts = TEXTS.flatMap((name) => {
    const text = received[name];
    return text === undefined || text.normalize('NFC').trim() === (shown[name] ?? '') || text === shown[name]
      ? []
      : [[name, text] as const];
  });
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

function parsed(text: string | undefined): Iban | undefined {
  return text === undefined ? undefined : parseIban(text);
}

function numberOf(text: string | undefined): string | undefined {
  const clean = fit(text, MAX_ACCOUNT_LENGTH);
  return clean === undefined ? undefined : plainAccountNumber(clean);
}

function fit(text: string | undefined, maxLength: number): string | undefined {
  const clean = visibleText(text ?? '')
    .normalize('NFC')
    .replaceAll(BREAKS, ' ')
    .trim();
  const cut = Array.from(clean).slice(0, maxLength).join('').trimEnd();
  return cut === '' ? undefined : cut;
}

function fitReference(text: string): string | undefined {
  const clean = fit(text, Number.POSITIVE_INFINITY);
  if (clean === undefined || Array.from(clean).length <= MAX_TEXT_LENGTH) return clean;
  const hash = createHash('sha256').update(clean).digest('hex');
  return `${Array.from(clean).slice(0, KEPT_OF_LONG_REFERENCE).join('')}…${hash}`;
}
