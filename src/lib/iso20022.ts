import type { Currency } from './money/currencies.ts';
import { cut } from './text-pieces.ts';
import type { XmlElements } from './xml-writer.ts';

/* Pieces that the messages of ISO 20022 have in common. */

export const ISO_20022 = 'urn:iso:std:iso:20022:tech:xsd:';

/** An amount in major units, without its sign: that is a direction of its own. */
export function isoAmount(amount: string, currency: Currency): XmlElements {
  return { '@Ccy': currency, '#text': amount.replace('-', '') };
}

/** An account by its IBAN, or by its number where it has none. */
export function isoAccount(iban: string | null, number: string | null): XmlElements {
  return iban === null ? { Othr: { Id: cut(number, 34) } } : { IBAN: iban };
}

/** A creditor reference with check digits (ISO 11649), as structured remittance information. */
export function isoReference(reference: string): XmlElements {
  return { CdtrRefInf: { Tp: { CdOrPrtry: { Cd: 'SCOR' } }, Ref: reference } };
}
