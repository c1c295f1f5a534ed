import type { StatementEntry } from './entries.ts';

/** What a line is in the lists of codes of each format. */
export type LineCodes = {
  /** ISO 20022, external code sets: domain, family, sub-family of a bank transaction. */
  readonly iso: readonly [string, string, string];
  /** MT940, field 61: the transaction type. */
  readonly swift: string;
  /** The business transaction code of German banks (GVC), for field 86. */
  readonly german: string;
  /** OFX, 11.4.4.3. */
  readonly ofx: string;
};

const codes = (iso: string, swift: string, german: string, ofx: string): LineCodes => {
  const [domain = '', family = '', sub = ''] = iso.split(' ');
  return { iso: [domain, family, sub], swift, german, ofx };
};

const CASH_IN = codes('PMNT CNTR CDPT', 'MSC', '082', 'CASH');
const CASH_OUT = codes('PMNT CNTR CWDL', 'MSC', '083', 'CASH');
const CHEQUE_IN = codes('PMNT CNTR CHKD', 'CHK', '070', 'DEP');
const CHEQUE_OUT = codes('PMNT ICHQ CCHQ', 'CHK', '001', 'CHECK');
const CARD = codes('PMNT CCRD POSD', 'MSC', '106', 'POS');
const MACHINE = codes('PMNT CCRD CWDL', 'MSC', '083', 'ATM');
const IN = codes('PMNT RCDT OTHR', 'TRF', '051', 'CREDIT');
const OUT = codes('PMNT ICDT OTHR', 'TRF', '020', 'DEBIT');
const BOOK_IN = codes('PMNT RCDT BOOK', 'TRF', '166', 'XFER');
const BOOK_OUT = codes('PMNT ICDT BOOK', 'TRF', '177', 'XFER');
const PAID_IN = codes('PMNT RCDT ESCT', 'TRF', '166', 'CREDIT');
const PAID_OUT = codes('PMNT ICDT ESCT', 'TRF', '177', 'DEBIT');
const INTEREST_IN = codes('ACMT MCOP INTR', 'INT', '814', 'INT');
const INTEREST_OUT = codes('ACMT MDOP INTR', 'INT', '814', 'INT');
const FEE = codes('ACMT MDOP CHRG', 'CHG', '808', 'FEE');
const TAX = codes('ACMT MDOP TAXE', 'TAX', '835', 'FEE');
const LENT = codes('LDAS FTLN DDWN', 'LDP', '835', 'CREDIT');
const REPAID = codes('LDAS FTLN PPAY', 'LDP', '835', 'PAYMENT');
const MOVED_HERE = codes('ACMT OPCL ACCT', 'MSC', '835', 'OTHER');
const CORRECTED_IN = codes('ACMT MCOP ADJT', 'RTI', '835', 'CREDIT');
const CORRECTED_OUT = codes('ACMT MDOP ADJT', 'RTI', '835', 'DEBIT');

const DEPOSITS: Readonly<Record<string, LineCodes>> = { cash: CASH_IN, cheque: CHEQUE_IN };
const WITHDRAWALS: Readonly<Record<string, LineCodes>> = {
  cash: CASH_OUT,
  branch: CASH_OUT,
  cheque: CHEQUE_OUT,
  card: CARD,
  atm: MACHINE,
};

/** What a line is called by each format. */
export function codesOf({ type, mode, isCredit }: StatementEntry): LineCodes {
  switch (type) {
    case 'deposit':
      return DEPOSITS[mode ?? ''] ?? IN;
    case 'withdrawal':
      return WITHDRAWALS[mode ?? ''] ?? OUT;
    case 'transfer':
      return isCredit ? BOOK_IN : BOOK_OUT;
    case 'incoming_payment':
      return PAID_IN;
    case 'outgoing_payment':
      return PAID_OUT;
    case 'interest':
    case 'penalty_interest':
      return isCredit ? INTEREST_IN : INTEREST_OUT;
    case 'fee':
      return FEE;
    case 'fee_tax':
    case 'withholding_tax':
      return TAX;
    case 'loan_disbursement':
      return LENT;
    case 'loan_repayment':
    case 'loan_recovery':
      return REPAID;
    case 'opening_balance':
      return MOVED_HERE;
    case 'reversal':
      return isCredit ? CORRECTED_IN : CORRECTED_OUT;
  }
}
