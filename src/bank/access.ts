import { type Access, type AccessTable, mayCall } from '#http/authorisation.ts';
import { type Caller, type Restriction, ROLES, type Role } from '#lib/caller.ts';
import type { Scope } from '#lib/scopes.ts';

/** `own`: what the customer holds, as far as the role of the holder allows; the service judges that. */
type May = 'yes' | 'own' | '-';
type Row = readonly [
  admin: May,
  manager: May,
  teller: May,
  auditor: May,
  customer: May,
  /** Of an API key. Where there is none, no key may: users and keys are the business of people. */
  scope: Scope | '-',
];

/**
 * Who may call what, by operationId: `public` needs no token, `any user` is for everybody who logged in, and about
 * their own login alone. An admin appoints and looks; a manager runs the bank; a teller serves at the counter; an
 * auditor looks. The operator, who has the database itself, may do everything and does not come over HTTP.
 * docs/access.md shows the same, and says why.
 */
// biome-ignore format: it is a table
export const ACCESS: Readonly<Record<string, 'public' | 'any user' | Row>> = {
  getKeySet:               'public',
  login:                   'public',
  refresh:                 'public',
  resetPassword:           'public',

  logout:                  'any user',
  getOwnUser:              'any user',
  changeOwnPassword:       'any user',
  changeOwnEmail:          'any user',
  listOwnSessions:         'any user',
  revokeOwnSession:        'any user',
  enrolTotp:               'any user',
  confirmTotp:             'any user',
  removeTotp:              'any user',

  //                        admin  manager teller auditor customer scope
  getBank:                 ['yes', 'yes', 'yes', 'yes',  'yes',    'bank:read'],
  changeBank:              ['-',   'yes', '-',   '-',    '-',      'bank:write'],
  listCurrencies:          ['yes', 'yes', 'yes', 'yes',  'yes',    'bank:read'],
  enableCurrency:          ['-',   'yes', '-',   '-',    '-',      'bank:write'],

  search:                  ['yes', 'yes', 'yes', 'yes',  'own',    'customers:read'],

  listCustomers:           ['yes', 'yes', 'yes', 'yes',  '-',      'customers:read'],
  getCustomer:             ['yes', 'yes', 'yes', 'yes',  'own',    'customers:read'],
  exportCustomer:          ['yes', 'yes', '-',   'yes',  '-',      '-'],
  createCustomer:          ['-',   'yes', 'yes', '-',    '-',      'customers:write'],
  changeCustomer:          ['-',   'yes', 'yes', '-',    '-',      'customers:write'],
  getTaxExemptions:        ['yes', 'yes', 'yes', 'yes',  '-',      'customers:read'],
  setTaxExemptions:        ['-',   'yes', '-',   '-',    '-',      'customers:write'],
  reportDeath:             ['-',   'yes', 'yes', '-',    '-',      'customers:write'],
  withdrawDeathReport:     ['-',   'yes', '-',   '-',    '-',      'customers:write'],
  closeCustomer:           ['-',   'yes', '-',   '-',    '-',      'customers:write'],
  deleteCustomer:          ['-',   'yes', '-',   '-',    '-',      'customers:write'],
  eraseCustomer:           ['-',   'yes', '-',   '-',    '-',      '-'],

  listProducts:            ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  getProduct:              ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  listProductVersions:     ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  createProduct:           ['-',   'yes', '-',   '-',    '-',      'products:write'],
  addProductVersion:       ['-',   'yes', '-',   '-',    '-',      'products:write'],
  changeProduct:           ['-',   'yes', '-',   '-',    '-',      'products:write'],

  listReferenceRates:      ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  listReferenceRateValues: ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  setReferenceRate:        ['-',   'yes', '-',   '-',    '-',      'products:write'],
  listExchangeRates:       ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  listExchangeRateValues:  ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  setExchangeRate:         ['-',   'yes', '-',   '-',    '-',      'products:write'],
  quoteConversion:         ['yes', 'yes', 'yes', 'yes',  '-',      'transactions:read'],
  convertCurrency:         ['-',   'yes', 'yes', '-',    '-',      'transactions:write'],
  listConversions:         ['yes', 'yes', 'yes', 'yes',  '-',      'transactions:read'],
  getConversion:           ['yes', 'yes', 'yes', 'yes',  '-',      'transactions:read'],
  getAccountInterest:      ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  postAccountInterest:     ['-',   'yes', 'yes', '-',    'own',    'accounts:write'],

  listAccountFees:         ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  getAccountFee:           ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  waiveAccountFee:         ['-',   'yes', '-',   '-',    '-',      'accounts:write'],
  refundAccountFee:        ['-',   'yes', '-',   '-',    '-',      'accounts:write'],
  previewAccountFees:      ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],

  listAccounts:            ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  getAccount:              ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  getBalance:              ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  explainBalance:          ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  openAccount:             ['-',   'yes', 'yes', '-',    '-',      'accounts:write'],
  changeAccount:           ['-',   'yes', '-',   '-',    '-',      'accounts:write'],
  freezeAccount:           ['-',   'yes', '-',   '-',    '-',      'accounts:write'],
  unfreezeAccount:         ['-',   'yes', '-',   '-',    '-',      'accounts:write'],
  reactivateAccount:       ['-',   'yes', 'yes', '-',    '-',      'accounts:write'],
  giveClosingNotice:       ['-',   'yes', 'yes', '-',    'own',    'accounts:write'],
  closeAccount:            ['-',   'yes', '-',   '-',    'own',    'accounts:write'],
  addHolder:               ['-',   'yes', '-',   '-',    '-',      'accounts:write'],
  changeOwner:             ['-',   'yes', '-',   '-',    '-',      'accounts:write'],
  inviteHolder:            ['-',   'yes', 'yes', '-',    'own',    'accounts:write'],
  listHolderInvitations:   ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  acceptHolderInvitation:  ['-',   'yes', '-',   '-',    'own',    '-'],
  declineHolderInvitation: ['-',   'yes', 'yes', '-',    'own',    '-'],
  removeHolder:            ['-',   'yes', '-',   '-',    'own',    'accounts:write'],

  listBeneficiaries:       ['yes', 'yes', 'yes', 'yes',  'own',    'beneficiaries:read'],
  getBeneficiary:          ['yes', 'yes', 'yes', 'yes',  'own',    'beneficiaries:read'],
  createBeneficiary:       ['-',   'yes', 'yes', '-',    'own',    'beneficiaries:write'],
  changeBeneficiary:       ['-',   'yes', 'yes', '-',    'own',    'beneficiaries:write'],
  deleteBeneficiary:       ['-',   'yes', 'yes', '-',    'own',    'beneficiaries:write'],

  listTransactions:        ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  getTransaction:          ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  listAccountTransactions: ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  getAccountStatement:     ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  listAccountStatements:   ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  getNumberedStatement:    ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  getInterestCertificate:  ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  getBalanceConfirmation:  ['yes', 'yes', 'yes', 'yes',  'own',    'transactions:read'],
  makeAccountStatement:    ['-',   'yes', 'yes', '-',    'own',    'transactions:read'],
  deposit:                 ['-',   'yes', 'yes', '-',    '-',      'transactions:write'],
  withdraw:                ['-',   'yes', 'yes', '-',    '-',      'transactions:write'],
  transfer:                ['-',   'yes', 'yes', '-',    'own',    'transactions:write'],
  reverseTransaction:      ['-',   'yes', 'yes', '-',    '-',      'transactions:reverse'],
  payOutEstate:            ['-',   'yes', '-',   '-',    '-',      'transactions:write'],
  postBatch:               ['-',   'yes', '-',   '-',    '-',      'transactions:write'],
  getBatch:                ['yes', 'yes', '-',   'yes',  '-',      'transactions:read'],

  listHolds:               ['yes', 'yes', 'yes', 'yes',  'own',    'holds:read'],
  getHold:                 ['yes', 'yes', 'yes', 'yes',  'own',    'holds:read'],
  placeHold:               ['-',   'yes', 'yes', '-',    'own',    'holds:write'],
  changeHold:              ['-',   'yes', 'yes', '-',    'own',    'holds:write'],
  captureHold:             ['-',   'yes', 'yes', '-',    'own',    'holds:capture'],
  releaseHold:             ['-',   'yes', 'yes', '-',    'own',    'holds:write'],
  listAttachments:         ['-',   'yes', '-',   'yes',  '-',      '-'],
  getAttachment:           ['-',   'yes', '-',   'yes',  '-',      '-'],
  placeAttachment:         ['-',   'yes', '-',   '-',    '-',      '-'],
  releaseAttachment:       ['-',   'yes', '-',   '-',    '-',      '-'],
  listUnsettledCaptures:   ['yes', 'yes', '-',   'yes',  '-',      'payments:read'],
  listCaptureSettlements:  ['yes', 'yes', '-',   'yes',  '-',      'payments:read'],
  getCaptureSettlement:    ['yes', 'yes', '-',   'yes',  '-',      'payments:read'],
  settleCaptures:          ['-',   'yes', '-',   '-',    '-',      'payments:write'],

  getAccountLimits:        ['yes', 'yes', 'yes', 'yes',  'own',    'limits:read'],
  setAccountLimits:        ['-',   'yes', '-',   '-',    '-',      'limits:write'],
  listDefaultLimits:       ['yes', 'yes', 'yes', 'yes',  '-',      'limits:read'],
  setDefaultLimits:        ['-',   'yes', '-',   '-',    '-',      'limits:write'],
  listRoleLimits:          ['yes', 'yes', 'yes', 'yes',  '-',      'limits:read'],
  setRoleLimits:           ['-',   'yes', '-',   '-',    '-',      'limits:write'],

  listStandingOrders:      ['yes', 'yes', 'yes', 'yes',  'own',    'standing-orders:read'],
  getStandingOrder:        ['yes', 'yes', 'yes', 'yes',  'own',    'standing-orders:read'],
  listExecutions:          ['yes', 'yes', 'yes', 'yes',  'own',    'standing-orders:read'],
  createStandingOrder:     ['-',   'yes', 'yes', '-',    'own',    'standing-orders:write'],
  changeStandingOrder:     ['-',   'yes', 'yes', '-',    'own',    'standing-orders:write'],
  cancelStandingOrder:     ['-',   'yes', 'yes', '-',    'own',    'standing-orders:write'],


  listTimeDeposits:        ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  getTimeDeposit:          ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  listTimeDepositEvents:   ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  listTimeDepositInstalments: ['yes', 'yes', 'yes', 'yes', 'own', 'accounts:read'],
  getTimeDepositClosure:   ['yes', 'yes', 'yes', 'yes',  'own',    'accounts:read'],
  quoteTimeDeposit:        ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],
  openTimeDeposit:         ['-',   'yes', 'yes', '-',    'own',    'transactions:write'],
  payTimeDepositInstalment: ['-',  'yes', 'yes', '-',    'own',    'transactions:write'],
  changeTimeDeposit:       ['-',   'yes', 'yes', '-',    'own',    'transactions:write'],
  closeTimeDeposit:        ['-',   'yes', 'yes', '-',    'own',    'transactions:write'],

  quoteInterest:           ['yes', 'yes', 'yes', 'yes',  'yes',    'products:read'],

  listLoanProducts:        ['yes', 'yes', 'yes', 'yes',  'yes',    'loans:read'],
  getLoanProduct:          ['yes', 'yes', 'yes', 'yes',  'yes',    'loans:read'],
  createLoanProduct:       ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  quoteLoan:               ['yes', 'yes', 'yes', 'yes',  'yes',    'loans:read'],

  listLoans:               ['yes', 'yes', 'yes', 'yes',  'own',    'loans:read'],
  getLoan:                 ['yes', 'yes', 'yes', 'yes',  'own',    'loans:read'],
  getLoanSchedule:         ['yes', 'yes', 'yes', 'yes',  'own',    'loans:read'],
  listLoanTransactions:    ['yes', 'yes', 'yes', 'yes',  'own',    'loans:read'],
  getLoanStatement:        ['yes', 'yes', 'yes', 'yes',  'own',    'loans:read'],
  getLoanPortfolio:        ['yes', 'yes', '-',   'yes',  '-',      'loans:read'],
  quoteLoanPayoff:         ['yes', 'yes', 'yes', 'yes',  'own',    'loans:read'],
  applyForLoan:            ['-',   'yes', 'yes', '-',    'own',    'loans:write'],
  approveLoan:             ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  rejectLoan:              ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  withdrawLoan:            ['-',   'yes', 'yes', '-',    'own',    'loans:write'],
  changeLoan:              ['-',   'yes', 'yes', '-',    '-',      'loans:write'],
  disburseLoan:            ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  repayLoan:               ['-',   'yes', 'yes', '-',    'own',    'loans:write'],
  undoLoanRepayment:       ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  undoLoanTransaction:     ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  getLoanSecurity:         ['yes', 'yes', 'yes', 'yes',  'own',    'loans:read'],
  addLoanParty:            ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  removeLoanParty:         ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  addLoanCollateral:       ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  releaseLoanCollateral:   ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  waiveLoan:               ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  chargeLoan:              ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  rescheduleLoan:          ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  chargeOffLoan:           ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  writeOffLoan:            ['-',   'yes', '-',   '-',    '-',      'loans:write'],
  recoverLoan:             ['-',   'yes', '-',   '-',    '-',      'loans:write'],

  listOutgoingPayments:    ['yes', 'yes', 'yes', 'yes',  'own',    'payments:read'],
  getOutgoingPayment:      ['yes', 'yes', 'yes', 'yes',  'own',    'payments:read'],
  cancelOutgoingPayment:   ['-',   'yes', 'yes', '-',    'own',    'payments:write'],
  submitOutgoingPayments:  ['-',   'yes', '-',   '-',    '-',      'payments:write'],
  getSubmission:           ['yes', 'yes', 'yes', 'yes',  '-',      'payments:read'],
  getSubmissionFile:       ['yes', 'yes', '-',   '-',    '-',      'payments:read'],
  settleOutgoingPayments:  ['-',   'yes', '-',   '-',    '-',      'payments:write'],
  returnOutgoingPayments:  ['-',   'yes', '-',   '-',    '-',      'payments:write'],
  settleOutgoingPayment:   ['-',   'yes', '-',   '-',    '-',      'payments:write'],
  returnOutgoingPayment:   ['-',   'yes', '-',   '-',    '-',      'payments:write'],
  listIncomingPayments:    ['yes', 'yes', 'yes', 'yes',  '-',      'payments:read'],
  getIncomingPayment:      ['yes', 'yes', 'yes', 'yes',  '-',      'payments:read'],
  receivePayment:          ['-',   'yes', '-',   '-',    '-',      'payments:write'],
  resolveIncomingPayment:  ['-',   'yes', '-',   '-',    '-',      'payments:write'],
  returnIncomingPayment:   ['-',   'yes', '-',   '-',    '-',      'payments:write'],

  getTrialBalance:         ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  listLedgerAccounts:      ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  listGlAccounts:          ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  getGlAccount:            ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  listGlAccountLines:      ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  createGlAccount:         ['-',   'yes', '-',   '-',    '-',      'accounting:write'],
  changeGlAccount:         ['-',   'yes', '-',   '-',    '-',      'accounting:write'],
  listJournalEntries:      ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  getJournalEntry:         ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  createJournalEntry:      ['-',   'yes', '-',   '-',    '-',      'accounting:post'],
  reverseJournalEntry:     ['-',   'yes', '-',   '-',    '-',      'accounting:post'],
  getPositions:            ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  listPeriods:             ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  closePeriod:             ['-',   'yes', '-',   '-',    '-',      'accounting:close'],
  reopenPeriod:            ['-',   'yes', '-',   '-',    '-',      '-'],
  listYears:               ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  closeYear:               ['-',   'yes', '-',   '-',    '-',      'accounting:close'],
  reopenYear:              ['-',   'yes', '-',   '-',    '-',      '-'],
  getBalanceSheet:         ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  getProfitAndLoss:        ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  getCashFlow:             ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  getReportLayout:         ['yes', 'yes', '-',   'yes',  '-',      'accounting:read'],
  setReportLayout:         ['-',   'yes', '-',   '-',    '-',      'accounting:write'],

  getBusinessDate:         ['yes', 'yes', 'yes', 'yes',  'yes',    'calendar:read'],
  setBusinessDate:         ['-',   'yes', '-',   '-',    '-',      'calendar:write'],
  undoBusinessDate:        ['-',   'yes', '-',   '-',    '-',      'calendar:write'],
  setCalendar:             ['-',   'yes', '-',   '-',    '-',      'calendar:write'],
  listHolidays:            ['yes', 'yes', 'yes', 'yes',  'yes',    'calendar:read'],
  addHoliday:              ['-',   'yes', '-',   '-',    '-',      'calendar:write'],
  removeHoliday:           ['-',   'yes', '-',   '-',    '-',      'calendar:write'],
  listEndOfDayRuns:        ['yes', 'yes', '-',   'yes',  '-',      'end-of-day:read'],
  getEndOfDayProgress:     ['yes', 'yes', '-',   'yes',  '-',      'end-of-day:read'],
  runEndOfDay:             ['-',   'yes', '-',   '-',    '-',      'end-of-day:write'],
  stopEndOfDay:            ['-',   'yes', '-',   '-',    '-',      'end-of-day:write'],

  listUsers:               ['yes', '-',   '-',   'yes',  '-',      'users:read'],
  getUser:                 ['yes', '-',   '-',   'yes',  '-',      'users:read'],
  createUser:              ['yes', '-',   '-',   '-',    '-',      '-'],
  changeUser:              ['yes', '-',   '-',   '-',    '-',      '-'],
  disableUser:             ['yes', '-',   '-',   '-',    '-',      '-'],
  enableUser:              ['yes', '-',   '-',   '-',    '-',      '-'],
  resetUser:               ['yes', '-',   '-',   '-',    '-',      '-'],
  getLoginPolicy:          ['yes', 'yes', '-',   'yes',  '-',      'users:read'],
  setLoginPolicy:          ['yes', '-',   '-',   '-',    '-',      '-'],

  listApiKeys:             ['yes', '-',   '-',   'yes',  '-',      'api-keys:read'],
  getApiKey:               ['yes', '-',   '-',   'yes',  '-',      'api-keys:read'],
  createApiKey:            ['yes', '-',   '-',   '-',    '-',      '-'],
  rotateApiKey:            ['yes', '-',   '-',   '-',    '-',      '-'],
  revokeApiKey:            ['yes', '-',   '-',   '-',    '-',      '-'],

  listAuditLog:            ['yes', '-',   '-',   'yes',  '-',      'audit-log:read'],
  getAuditProof:           ['yes', '-',   '-',   'yes',  '-',      'audit-log:read'],
};

/**
 * What a loan officer does, beside reading what a teller reads: the business of lending. Those who applied for a loan
 * neither approve it nor pay it out (features/loans/own-application.ts).
 */
const OF_LOAN_OFFICERS: ReadonlySet<string> = new Set([
  'getLoanPortfolio',
  'applyForLoan',
  'changeLoan',
  'withdrawLoan',
  'rejectLoan',
  'approveLoan',
  'disburseLoan',
  'repayLoan',
  'addLoanParty',
  'addLoanCollateral',
]);

/** The table as the HTTP side reads it. */
export function accessTable(): AccessTable {
  return new Map(Object.entries(ACCESS).map(([operation, row]) => [operation, accessOf(operation, row)]));
}

const TABLE = accessTable();

/** Whether a caller may make another call, of which this one shows a part. */
export function mayAlso(caller: Caller, operation: string): boolean {
  const access = TABLE.get(operation);
  return access === 'public' || caller.role === 'operator' || mayCall(caller, access);
}

/**
 * What a user may call as things stand, by operationId: what is public, and what the table gives the role. Before a
 * password is changed or a second factor enrolled that is the own login alone.
 */
export function operationsFor(role: Role, restriction?: Restriction): Record<string, 'yes' | 'own'> {
  const may = Object.entries(ACCESS).flatMap(([operation, row]): [string, 'yes' | 'own'][] => {
    if (typeof row === 'string') return [[operation, 'yes']];
    const cell = restriction === undefined ? mayOf(operation, row, role) : '-';
    return cell === '-' ? [] : [[operation, cell]];
  });
  return Object.fromEntries(may);
}

/**
 * The table for the operator, who is asked for no role: everything but what is about a user's own login, and nobody
 * else. Only for a server that never listens (operator-door.ts).
 */
export function operatorTable(): AccessTable {
  const everything: Access = { roles: new Set(['operator']), scope: undefined };
  const nothing: Access = { roles: new Set(), scope: undefined };
  return new Map(
    Object.entries(ACCESS).map(([operation, row]): [string, Access | 'public'] => {
      if (row === 'public') return [operation, row];
      return [operation, row === 'any user' ? nothing : everything];
    }),
  );
}

function accessOf(operation: string, row: 'public' | 'any user' | Row): Access | 'public' {
  if (row === 'public') return row;
  if (row === 'any user') return { roles: new Set(ROLES), scope: undefined, isAboutOwnLogin: true };
  const [, , , , , scope] = row;
  const roles = new Set(ROLES.filter((role) => mayOf(operation, row, role) !== '-'));
  return { roles, scope: scope === '-' ? undefined : scope };
}

/** How far a role may make a call that has a row. */
export function mayOf(operation: string, row: Row, role: Role): May {
  const [admin, manager, teller, auditor, customer, scope] = row;
  const reads = scope.endsWith(':read') ? teller : '-';
  const officer = OF_LOAN_OFFICERS.has(operation) ? 'yes' : reads;
  return { admin, manager, teller, 'loan-officer': officer, auditor, customer }[role];
}
