import type { MoneyGate, StakeTable } from '#features/authority/contract.ts';
import type { Stakes } from '#http/stakes.ts';
import { ACCESS } from './access.ts';

/**
 * What each operation that changes something commits on its caller's word; access.ts says who may call it. What is
 * not `none` asks the gate (features/authority/money-gate.ts) before it is done, whoever calls it and whatever it costs.
 * An operation that is missing here keeps the server from starting.
 */
// biome-ignore format: it is a table
export const STAKES: StakeTable = {
  createCustomer:          'none',
  changeCustomer:          'none',
  reportDeath:             'none',
  withdrawDeathReport:     'none',
  closeCustomer:           'none',
  deleteCustomer:          'none',
  eraseCustomer:           'none',
  exportCustomer:          'none',

  createProduct:           'none',
  addProductVersion:       'none',
  changeProduct:           'none',
  setReferenceRate:        'none',
  setExchangeRate:         'none',
  quoteConversion:         'none',
  convertCurrency:         'moves',
  setTaxExemptions:        'none',
  postAccountInterest:     'none',
  waiveAccountFee:         'none',
  refundAccountFee:        'moves',

  openAccount:             'overdraft',
  changeAccount:           'overdraft',
  freezeAccount:           'none',
  unfreezeAccount:         'none',
  reactivateAccount:       'none',
  giveClosingNotice:       'none',
  closeAccount:            'moves',
  addHolder:               'none',
  removeHolder:            'none',
  changeOwner:             'none',
  inviteHolder:            'none',
  acceptHolderInvitation:  'none',
  declineHolderInvitation: 'none',

  createBeneficiary:       'none',
  changeBeneficiary:       'none',
  deleteBeneficiary:       'none',

  makeAccountStatement:    'none',

  deposit:                 'moves',
  withdraw:                'moves',
  transfer:                'moves',
  reverseTransaction:      'moves',
  payOutEstate:            'moves',
  postBatch:               'moves',

  placeHold:               'promises',
  captureHold:             'moves',
  releaseHold:             'none',
  changeHold:              'promises',
  settleCaptures:          'moves',
  placeAttachment:         'promises',
  releaseAttachment:       'none',

  setAccountLimits:        'none',
  setDefaultLimits:        'none',
  setRoleLimits:           'none',

  createStandingOrder:     'promises',
  changeStandingOrder:     'promises',
  cancelStandingOrder:     'none',

  openTimeDeposit:         'moves',
  payTimeDepositInstalment: 'moves',
  changeTimeDeposit:       'none',
  closeTimeDeposit:        'moves',
  quoteTimeDeposit:        'none',

  quoteInterest:           'none',

  createLoanProduct:       'none',
  quoteLoan:               'none',
  quoteLoanPayoff:         'none',
  applyForLoan:            'lends',
  approveLoan:             'lends',
  rejectLoan:              'none',
  withdrawLoan:            'none',
  changeLoan:              'none',
  disburseLoan:            'lends',
  repayLoan:               'moves',
  undoLoanRepayment:       'moves',
  rescheduleLoan:          'lends',
  chargeOffLoan:           'moves',
  writeOffLoan:            'moves',
  recoverLoan:             'moves',
  chargeLoan:              'moves',
  waiveLoan:               'moves',
  undoLoanTransaction:     'moves',
  addLoanCollateral:       'none',
  releaseLoanCollateral:   'none',
  addLoanParty:            'none',
  removeLoanParty:         'none',

  submitOutgoingPayments:  'none',
  // It gives back, and a teller may do it whatever the amount.
  cancelOutgoingPayment:   'none',
  settleOutgoingPayment:   'moves',
  settleOutgoingPayments:  'moves',
  returnOutgoingPayments:  'moves',
  returnOutgoingPayment:   'moves',
  receivePayment:          'moves',
  resolveIncomingPayment:  'moves',
  returnIncomingPayment:   'moves',

  setBusinessDate:         'none',
  undoBusinessDate:        'none',
  setCalendar:             'none',
  addHoliday:              'none',
  removeHoliday:           'none',
  runEndOfDay:             'none',
  stopEndOfDay:            'none',

  createGlAccount:         'none',
  changeGlAccount:         'none',
  createJournalEntry:      'moves',
  reverseJournalEntry:     'moves',
  closePeriod:             'none',
  reopenPeriod:            'none',
  // They move results that are there between lines of the bank's own, and nobody says how much.
  closeYear:               'none',
  reopenYear:              'none',
  setReportLayout:         'none',

  changeBank:              'none',
  enableCurrency:          'none',

  createUser:              'none',
  changeUser:              'none',
  disableUser:             'none',
  enableUser:              'none',
  resetUser:               'none',
  setLoginPolicy:          'none',

  createApiKey:            'none',
  revokeApiKey:            'none',
  rotateApiKey:            'none',
};

/** The table as the HTTP side reads it, with the gate that is asked. */
export function stakesOf(gate: MoneyGate): Stakes {
  return {
    table: STAKES,
    isOfBank: (operation) => Array.isArray(ACCESS[operation]),
    wasAsked: (caller, operation) => gate.wasAsked(caller, operation),
  };
}
