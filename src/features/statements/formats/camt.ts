import { isBic } from '#lib/bic.ts';
import { parseCreditorReference } from '#lib/creditor-reference.ts';
import { ISO_20022, isoAccount, isoAmount, isoReference } from '#lib/iso20022.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { cut, pieces } from '#lib/text-pieces.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { endTag, startTag, XML_DECLARATION, type XmlElements, xml } from '#lib/xml-writer.ts';
import type { StatementDocument } from '../document.ts';
import { entriesOf, type StatementEntry } from './entries.ts';
import { codesOf } from './line-codes.ts';
import { messageId, type StatedPeriod, statedPeriod } from './stated-period.ts';

type Message = {
  readonly namespace: string;
  readonly root: string;
  readonly report: string;
  /** The codes of the balances at both ends; a notification has none. */
  readonly balances: readonly { readonly code: string; readonly of: 'opening' | 'closing' }[];
  readonly lists: (entry: StatementEntry) => boolean;
  /** Whether it says how many entries there are, and what they come to. */
  readonly hasSummary: boolean;
};

/** Version 8 of 2019, which banks use since November 2025. */
const MESSAGES = {
  /** A statement of what was booked. */
  camt053: {
    namespace: `${ISO_20022}camt.053.001.08`,
    root: 'BkToCstmrStmt',
    report: 'Stmt',
    balances: [
      { code: 'OPBD', of: 'opening' },
      { code: 'CLBD', of: 'closing' },
    ],
    lists: () => true,
    hasSummary: true,
  },
  /** A report of a day that goes on: both balances are interim ones. */
  camt052: {
    namespace: `${ISO_20022}camt.052.001.08`,
    root: 'BkToCstmrAcctRpt',
    report: 'Rpt',
    balances: [
      { code: 'OPBD', of: 'opening' },
      { code: 'ITBD', of: 'closing' },
    ],
    lists: () => true,
    hasSummary: true,
  },
  /** A notification of what came in. */
  camt054: {
    namespace: `${ISO_20022}camt.054.001.08`,
    root: 'BkToCstmrDbtCdtNtfctn',
    report: 'Ntfctn',
    balances: [],
    lists: ({ isCredit }: StatementEntry) => isCredit,
    hasSummary: false,
  },
} as const satisfies Record<string, Message>;
export type CamtFormat = keyof typeof MESSAGES;

/** A statement as a message of ISO 20022, in pieces: a million lines take no more memory than a page. */
export async function* statementCamt(
  document: StatementDocument,
  format: CamtFormat,
): AsyncGenerator<string, void> {
  const message: Message = MESSAGES[format];
  const { namespace, root, report } = message;
  const period = await statedPeriod(document);
  const id = messageId(document, format, period);
  yield `${XML_DECLARATION}${startTag('Document', { xmlns: namespace })}\n`;
  yield `${startTag(root)}${xml({ GrpHdr: { MsgId: id, CreDtTm: toSecond(document.head.madeAt) } })}\n`;
  yield `${startTag(report)}${xml(headOf(document, id, period, message))}\n`;
  const { currency } = document.head;
  for await (const entries of entriesOf(document)) {
    const written = entries.filter(message.lists).map((entry) => `${xml(entryOf(entry, currency))}\n`);
    if (written.length > 0) yield written.join('');
  }
  yield `${endTag(report)}\n${endTag(root)}\n${endTag('Document')}\n`;
}

/** What stands before the entries, in the order of the schema. */
function headOf(
  document: StatementDocument,
  id: string,
  period: StatedPeriod,
  message: Message,
): XmlElements {
  const { head } = document;
  return {
    Id: id,
    ElctrncSeqNb: head.number === null ? null : String(head.number),
    CreDtTm: toSecond(head.madeAt),
    FrToDt: { FrDtTm: `${period.from}T00:00:00`, ToDtTm: `${period.to}T23:59:59` },
    Acct: {
      Id: isoAccount(head.iban, head.accountNumber),
      Ccy: head.currency,
      Ownr: { Nm: cut(head.holders[0] ?? null, 140) },
      Svcr: { FinInstnId: { BICFI: head.bank.bic, Nm: cut(head.bank.name, 140) } },
    },
    Bal: message.balances.map(({ code, of }) => {
      const balance = of === 'opening' ? head.openingBalance : head.closingBalance;
      return balanceOf(code, balance, head.currency, of === 'opening' ? period.from : period.to);
    }),
    TxsSummry: message.hasSummary ? summaryOf(document) : null,
  };
}

function balanceOf(code: string, balance: string, currency: Currency, on: IsoDate): XmlElements {
  return {
    Tp: { CdOrPrtry: { Cd: code } },
    Amt: isoAmount(balance, currency),
    CdtDbtInd: direction(!balance.startsWith('-')),
    Dt: { Dt: on },
  };
}

/** How many entries there are, and what they come to: whoever reads it sees whether it is whole. */
function summaryOf({ lineCount, netMinor, head: { currency } }: StatementDocument): XmlElements {
  const net = formatAmount(netMinor, currency);
  return {
    TtlNtries: {
      NbOfNtries: String(lineCount),
      TtlNetNtry: { Amt: net.replace('-', ''), CdtDbtInd: direction(netMinor >= 0n) },
    },
  };
}

/** An entry in the order of the schema. */
function entryOf(entry: StatementEntry, currency: Currency): XmlElements {
  const money = { Amt: isoAmount(entry.amount, currency), CdtDbtInd: direction(entry.isCredit) };
  const [domain, family, subFamily] = codesOf(entry).iso;
  return {
    Ntry: {
      NtryRef: String(entry.lineNumber),
      ...money,
      RvslInd: entry.isReversal ? 'true' : null,
      Sts: { Cd: 'BOOK' },
      BookgDt: { Dt: entry.bookedOn },
      ValDt: { Dt: entry.valueOn },
      AcctSvcrRef: entry.bankReference,
      BkTxCd: {
        Domn: { Cd: domain, Fmly: { Cd: family, SubFmlyCd: subFamily } },
        Prtry: { Cd: entry.type },
      },
      NtryDtls: {
        TxDtls: {
          Refs: { AcctSvcrRef: entry.bankReference },
          ...money,
          ...otherOf(entry),
          Purp: { Prtry: entry.purpose },
          RmtInf: remittanceOf(entry),
        },
      },
    },
  };
}

/** The other side: the debtor of what came in. Of what takes another line back, the roles are those of that line. */
function otherOf({ other, isCredit, isReversal }: StatementEntry): XmlElements {
  if (other === null) return {};
  const role = isCredit === isReversal ? 'Cdtr' : 'Dbtr';
  const bank = other.bank !== null && isBic(other.bank) ? other.bank : null;
  return {
    RltdPties: {
      [role]: { Pty: { Nm: cut(other.name, 140) } },
      [`${role}Acct`]: { Id: isoAccount(other.iban, other.account) },
    },
    RltdAgts: { [`${role}Agt`]: { FinInstnId: { BICFI: bank } } },
  };
}

/** What the payer says to the payee: texts in pieces of 140, and a reference with check digits as one. */
function remittanceOf({ reference, description }: StatementEntry): XmlElements {
  const creditor = reference === null ? undefined : parseCreditorReference(reference);
  const texts = [description, creditor === undefined ? reference : null];
  return {
    Ustrd: texts.flatMap((text) => (text === null ? [] : pieces(text, 140))),
    Strd: creditor && isoReference(creditor),
  };
}

function direction(isCredit: boolean): string {
  return isCredit ? 'CRDT' : 'DBIT';
}

/** An instant without the fraction of its second, which some readers do not take. */
function toSecond(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}
