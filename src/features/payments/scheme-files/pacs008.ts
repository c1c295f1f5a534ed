import { bankReference } from '#features/transactions/contract.ts';
import type { ToText } from '#lib/basic-text.ts';
import { isBic } from '#lib/bic.ts';
import { parseCreditorReference } from '#lib/creditor-reference.ts';
import { parseIban } from '#lib/iban.ts';
import { toTypeId } from '#lib/ids.ts';
import { ISO_20022, isoAccount, isoAmount, isoReference } from '#lib/iso20022.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { cut } from '#lib/text-pieces.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { uetrOf } from '#lib/uetr.ts';
import { endTag, startTag, XML_DECLARATION, type XmlElements, xml } from '#lib/xml-writer.ts';
import { paymentError } from '../errors.ts';
import type { PaymentOrder } from './payment-order.ts';

const NAMESPACE = `${ISO_20022}pacs.008.001.08`;
const MAX_NAME = 70;
const MAX_REMITTANCE = 140;
const MAX_ADDRESS_LINES = 2;

/** A file of payments that goes to the other bank or to the clearing. */
export type PaymentFile = {
  /** What the message is known by; the same whenever it is made. */
  readonly messageId: string;
  readonly createdAt: string;
  /** When the banks settle: a business day. */
  readonly settlesOn: IsoDate;
  readonly bankBic: string;
  readonly currency: Currency;
  readonly orders: readonly PaymentOrder[];
};

/**
 * Payments as pacs.008.001.08, in pieces: in the characters of SEPA, addresses with town and country (unstructured ones
 * are refused by schemes since 15 November 2026), settled by clearing, charges shared. Throws 422 `payment_not_writable`
 * for a name of which nothing is left.
 */
export function* writePacs008(file: PaymentFile, toText: ToText): Generator<string, void> {
  const { messageId, createdAt, settlesOn, currency, orders } = file;
  const totalMinor = orders.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const header = {
    MsgId: messageId,
    CreDtTm: createdAt,
    NbOfTxs: String(orders.length),
    CtrlSum: formatAmount(totalMinor, currency),
    TtlIntrBkSttlmAmt: isoAmount(formatAmount(totalMinor, currency), currency),
    IntrBkSttlmDt: settlesOn,
    SttlmInf: { SttlmMtd: 'CLRG' },
    PmtTpInf: currency === 'EUR' ? { SvcLvl: { Cd: 'SEPA' } } : null,
    InstgAgt: agent(file.bankBic),
  };
  yield `${XML_DECLARATION}${startTag('Document', { xmlns: NAMESPACE })}\n${startTag('FIToFICstmrCdtTrf')}`;
  yield `${xml({ GrpHdr: header })}\n`;
  for (const order of orders) yield `${xml({ CdtTrfTxInf: transferOf(order, file.bankBic, toText) })}\n`;
  yield `${endTag('FIToFICstmrCdtTrf')}\n${endTag('Document')}\n`;
}

/** A payment in the order of the schema. */
function transferOf(order: PaymentOrder, bankBic: string, toText: ToText): XmlElements {
  const { id, amountMinor, currency, debtor, creditorAccount } = order;
  const iban = creditorAccount === null ? undefined : parseIban(creditorAccount);
  const place = debtor?.place;
  return {
    PmtId: { EndToEndId: 'NOTPROVIDED', TxId: bankReference(id, 0), UETR: uetrOf(id) },
    IntrBkSttlmAmt: isoAmount(formatAmount(amountMinor, currency), currency),
    ChrgBr: 'SLEV',
    Dbtr: {
      Nm: nameOf(debtor?.name, { of: 'payer', id }, toText),
      PstlAdr: place && {
        PstCd: text(place.postalCode, 16, toText),
        TwnNm: text(place.city, 35, toText),
        Ctry: place.country,
        AdrLine: place.lines.slice(0, MAX_ADDRESS_LINES).map((line) => text(line, 70, toText)),
      },
    },
    DbtrAcct: { Id: isoAccount(debtor?.iban ?? null, debtor?.number ?? null) },
    DbtrAgt: agent(bankBic),
    CdtrAgt: creditorAgent(order),
    Cdtr: { Nm: nameOf(order.creditorName, { of: 'payee', id }, toText) },
    CdtrAcct: { Id: isoAccount(iban ?? null, creditorAccount) },
    RmtInf: remittanceOf(order, toText),
  };
}

/** One text or one reference with check digits: schemes take no more. */
function remittanceOf({ reference, description }: PaymentOrder, toText: ToText): XmlElements | null {
  const creditor = reference === null ? undefined : parseCreditorReference(reference);
  if (creditor !== undefined) return { Strd: isoReference(creditor) };
  const given = reference ?? description;
  return given === null ? null : { Ustrd: text(given, MAX_REMITTANCE, toText) };
}

type Whose = { readonly of: 'payer' | 'payee'; readonly id: PaymentOrder['id'] };

function nameOf(given: string | null | undefined, { of, id }: Whose, toText: ToText): string {
  const name = text(given ?? null, MAX_NAME, toText);
  if (name !== null && /[A-Za-z0-9]/.test(name)) return name;
  throw paymentError('payment_not_writable', { payment: toTypeId('transaction', id), what: `${of}’s name` });
}

function text(given: string | null, length: number, toText: ToText): string | null {
  return given === null ? null : cut(toText(given).trim(), length);
}

/** What clearing systems call themselves in the codes of ISO 20022. */
const CLEARING_SYSTEMS: Readonly<Record<string, string>> = { us_aba: 'USABA', gb_sort_code: 'GBDSC' };

/** The payee’s bank by its BIC or its code in a clearing system. Without both it is found by the IBAN. */
function creditorAgent({ creditorBank, bankCodeScheme }: PaymentOrder): XmlElements {
  const system = bankCodeScheme === null ? undefined : CLEARING_SYSTEMS[bankCodeScheme];
  if (creditorBank === null || (system === undefined && !isBic(creditorBank))) return agent(null);
  if (system === undefined) return agent(creditorBank);
  return { FinInstnId: { ClrSysMmbId: { ClrSysId: { Cd: system }, MmbId: creditorBank } } };
}

function agent(bic: string | null): XmlElements {
  return { FinInstnId: bic === null ? { Othr: { Id: 'NOTPROVIDED' } } : { BICFI: bic } };
}
