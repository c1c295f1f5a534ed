import { letterheadOf } from '#features/books/contract.ts';
import type { Sheet } from '#paper/sheet.ts';
import {
  balanceConfirmationView,
  type CertificateHeadView,
  interestCertificateView,
} from './certificate-schemas.ts';
import type { BalanceConfirmation, InterestCertificate } from './certificates.ts';
import { inGroups, onPaper } from './sheet.ts';

/** A certificate as it is printed: sentences of label and amount. */
function certificateSheet(
  view: CertificateHeadView,
  title: string,
  subtitle: string,
  amounts: readonly (readonly [string, string])[],
): Sheet {
  return {
    letterhead: letterheadOf(view.bank),
    recipient: [...view.holders, ...onPaper(view.address)],
    title,
    subtitle,
    facts: [
      view.iban === null ? ['Account', view.accountNumber] : ['IBAN', inGroups(view.iban)],
      ['Product', view.product],
    ],
    columns: [
      { title: '', align: 'left' },
      { title: view.currency, width: 110, align: 'right' },
    ],
    rows: amounts.map(([label, amount]) => ({ cells: [label, amount] })),
    notes: [`Made by ${view.bank.name} on ${view.madeAt.slice(0, 10)} from its books.`],
    orientation: 'portrait',
  };
}

export function interestCertificateSheet(certificate: InterestCertificate): Sheet {
  const view = interestCertificateView(certificate);
  return certificateSheet(view, 'Certificate of interest, tax and fees', `Calendar year ${view.year}`, [
    ['Interest earned', view.interestEarned],
    ['Interest charged', view.interestCharged],
    ['Taxes withheld', view.taxesWithheld],
    ['Fees charged', view.fees],
    ['Taxes on fees', view.feeTaxes],
  ]);
}

export function balanceConfirmationSheet(confirmation: BalanceConfirmation): Sheet {
  const view = balanceConfirmationView(confirmation);
  const title = 'Confirmation of balance';
  return certificateSheet(view, title, `At the end of ${view.asOf}`, [['Balance', view.balance]]);
}
