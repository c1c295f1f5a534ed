import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { ChartService } from '#features/accounting/chart/service.ts';
import { ACCOUNTING_LAWS, POSITION_LAWS, SHEET_LAWS } from '#features/accounting/contract.ts';
import { JournalService } from '#features/accounting/journal/service.ts';
import { GlLineService } from '#features/accounting/lines/service.ts';
import { PeriodService } from '#features/accounting/periods/service.ts';
import { PositionService } from '#features/accounting/positions/service.ts';
import { ReportService } from '#features/accounting/reports/service.ts';
import { AccountingService } from '#features/accounting/service.ts';
import { YearService } from '#features/accounting/years/service.ts';
import { ACCOUNT_LAWS, accountEstates, accountHoldings } from '#features/accounts/contract.ts';
import { InvitationService } from '#features/accounts/invitations/service.ts';
import { AccountService } from '#features/accounts/service.ts';
import { INTEREST_LAWS } from '#features/accrual/contract.ts';
import { TaxExemptionService } from '#features/accrual/exemptions/service.ts';
import { InterestService } from '#features/accrual/service.ts';
import { SEQUENCE_LAWS } from '#features/audit/contract.ts';
import { AuditService } from '#features/audit/service.ts';
import { DEFAULT_TELLER_LIMIT, MoneyGate, type RoleLimit } from '#features/authority/contract.ts';
import { RoleLimitService } from '#features/authority/service.ts';
import { BENEFICIARY_LAWS } from '#features/beneficiaries/contract.ts';
import { BeneficiaryService } from '#features/beneficiaries/service.ts';
import { BankService } from '#features/books/bank-service.ts';
import { CalendarService } from '#features/calendar/service.ts';
import { FEE_LAWS, owesFees } from '#features/charges/contract.ts';
import { ChargeService } from '#features/charges/service.ts';
import { CONVERSION_LAWS } from '#features/conversions/contract.ts';
import { ConversionService } from '#features/conversions/service.ts';
import { addressSeal, type Estates, personalFieldsOpener } from '#features/customers/contract.ts';
import { CustomerService } from '#features/customers/service.ts';
import { DEPOSIT_LAWS, depositHoldings, servesDeposit } from '#features/deposits/contract.ts';
import { InstalmentService } from '#features/deposits/instalment-service.ts';
import { DepositService } from '#features/deposits/service.ts';
import { BALANCE_LAWS } from '#features/end-of-day/contract.ts';
import { EndOfDayService } from '#features/end-of-day/service.ts';
import { ExchangeRateService } from '#features/exchange-rates/service.ts';
import { AttachmentService } from '#features/holds/attachments/service.ts';
import { HOLD_LAWS, hasActiveAttachment } from '#features/holds/contract.ts';
import { HoldService } from '#features/holds/service.ts';
import { CaptureSettlementService } from '#features/holds/settlements/service.ts';
import { LimitService } from '#features/limits/service.ts';
import { LoanCommands } from '#features/loans/commands.ts';
import { hasRunningLoan, LOAN_LAWS, loanHoldings } from '#features/loans/contract.ts';
import { LoanPaymentService } from '#features/loans/payment-service.ts';
import { LoanProductService } from '#features/loans/products/service.ts';
import { LoanReportService } from '#features/loans/reports/service.ts';
import { LoanSecurityService } from '#features/loans/security-service.ts';
import { LoanService } from '#features/loans/service.ts';
import { BulkPaymentService } from '#features/payments/bulk-service.ts';
import { freePaymentsOfEstates, holdPaymentsOfEstates, PAYMENT_LAWS } from '#features/payments/contract.ts';
import { IncomingPaymentService } from '#features/payments/incoming-service.ts';
import { OutgoingPaymentService } from '#features/payments/outgoing-service.ts';
import { SchemeFileService } from '#features/payments/scheme-files/service.ts';
import { SubmissionService } from '#features/payments/submission-service.ts';
import { ProductService } from '#features/products/service.ts';
import { ReferenceRateService } from '#features/reference-rates/service.ts';
import {
  ordersToBeneficiary,
  STANDING_ORDER_LAWS,
  standingOrderEstates,
  standingOrderHoldings,
} from '#features/standing-orders/contract.ts';
import { StandingOrderService } from '#features/standing-orders/service.ts';
import { CertificateService } from '#features/statements/certificates.ts';
import { STATEMENT_LAWS } from '#features/statements/contract.ts';
import { StatementService } from '#features/statements/service.ts';
import { BatchService } from '#features/transactions/batch-service.ts';
import {
  MovementFlights,
  type MovementRow,
  openPaymentGuard,
  payOutClosing,
  storeMovements,
  TRANSACTION_LAWS,
} from '#features/transactions/contract.ts';
import { TransactionService } from '#features/transactions/service.ts';
import { ApiKeyService } from '#identity/api-keys/service.ts';
import {
  AccessTokens,
  type Authenticate,
  createAuthenticate,
  currentSigningKey,
  type ExternalIssuer,
  ExternalTokens,
} from '#identity/tokens/contract.ts';
import { CredentialService } from '#identity/users/credential-service.ts';
import { userEstates } from '#identity/users/estates.ts';
import { LoginService } from '#identity/users/login-service.ts';
import { LoginThrottle } from '#identity/users/login-throttle.ts';
import { UserService } from '#identity/users/service.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { type PostingLoad, PostingQueue } from '#ledger/posting-queue.ts';
import { type Law, LEDGER_LAWS } from '#ledger/verify.ts';
import type { AccountId } from '#lib/ids.ts';
import { NO_OBSERVER, type Observer } from '#lib/observer.ts';
import { datedAfter } from './dated-after.ts';
import { endOfDaySteps } from './end-of-day-steps.ts';
import { STAKES } from './stakes.ts';

/** Every use case of the bank, over one book. The API, the CLI, the demo and the tests all call these. */
export type Services = {
  readonly context: Context;
  /** Asked before money is moved, promised or lent. */
  readonly gate: MoneyGate;
  readonly bank: BankService;
  readonly customers: CustomerService;
  readonly products: ProductService;
  readonly referenceRates: ReferenceRateService;
  readonly interest: InterestService;
  readonly charges: ChargeService;
  readonly taxExemptions: TaxExemptionService;
  readonly accounts: AccountService;
  readonly invitations: InvitationService;
  readonly beneficiaries: BeneficiaryService;
  readonly transactions: TransactionService;
  readonly batches: BatchService;
  readonly holds: HoldService;
  readonly captureSettlements: CaptureSettlementService;
  readonly attachments: AttachmentService;
  readonly outgoingPayments: OutgoingPaymentService;
  readonly submissions: SubmissionService;
  readonly schemeFiles: SchemeFileService;
  readonly bulkPayments: BulkPaymentService;
  readonly incomingPayments: IncomingPaymentService;
  readonly limits: LimitService;
  readonly roleLimits: RoleLimitService;
  readonly loanProducts: LoanProductService;
  readonly loans: LoanService;
  readonly loanPayments: LoanPaymentService;
  readonly loanReports: LoanReportService;
  readonly loanSecurity: LoanSecurityService;
  readonly accounting: AccountingService;
  readonly chart: ChartService;
  readonly glLines: GlLineService;
  readonly journal: JournalService;
  readonly periods: PeriodService;
  readonly positions: PositionService;
  readonly exchangeRates: ExchangeRateService;
  readonly conversions: ConversionService;
  readonly reports: ReportService;
  readonly years: YearService;
  readonly deposits: DepositService;
  readonly instalments: InstalmentService;
  readonly standingOrders: StandingOrderService;
  readonly statements: StatementService;
  readonly certificates: CertificateService;
  readonly calendar: CalendarService;
  readonly endOfDay: EndOfDayService;
  readonly audit: AuditService;
  readonly users: UserService;
  readonly logins: LoginService;
  readonly credentials: CredentialService;
  readonly accessTokens: AccessTokens;
  readonly apiKeys: ApiKeyService;
  /** The caller of a bearer token: our own access tokens or those of the external issuer, and API keys. */
  readonly authenticate: Authenticate;
  /** The load of the posting queue. */
  readonly postingLoad: () => PostingLoad;
  /** Resolves when every accepted request has its answer. */
  readonly drain: () => Promise<void>;
};

export type ServiceOptions = {
  /** The issuer whose access tokens are accepted in place of our own. */
  readonly oidc?: ExternalIssuer | undefined;
  /** The limit of a teller in its currency, while the bank has set none for it. */
  readonly tellerLimit?: RoleLimit;
  /** The observers. */
  readonly observer?: Observer;
};

/** Composes the services of a book. */
export function createServices(
  context: Context,
  { oidc, tellerLimit = DEFAULT_TELLER_LIMIT, observer = NO_OBSERVER }: ServiceOptions = {},
): Services {
  const gate = new MoneyGate(context, STAKES, tellerLimit);
  const flightRules = new MovementFlights(context.bookId);
  const queue = new PostingQueue<MovementRow>(context, {
    storeRows: (session, rows) => storeMovements(session, context, rows, gate),
    openGuard: (session, rows) =>
      flightRules.learnFrom(session, rows, openPaymentGuard(session, context, rows, { gate, entries: rows })),
    flightRules,
    observer,
  });
  const internalAccounts = new InternalAccounts(context.bookId);
  const accessTokens = new AccessTokens(context);
  const apiKeys = new ApiKeyService(context);
  const throttle = new LoginThrottle(context);
  const tokens = oidc === undefined ? accessTokens : new ExternalTokens(context.clock, oidc);
  const loanCommands = new LoanCommands(context, internalAccounts, gate);
  const endOfDay = new EndOfDayService(context, endOfDaySteps(context, internalAccounts), observer.endOfDay);
  return {
    context,
    gate,
    bank: new BankService(context),
    products: new ProductService(context),
    referenceRates: new ReferenceRateService(context),
    taxExemptions: new TaxExemptionService(context),
    ...partyServices(context, internalAccounts, gate),
    beneficiaries: new BeneficiaryService(context, ordersToBeneficiary(context)),
    transactions: new TransactionService(context, queue, internalAccounts, gate),
    exchangeRates: new ExchangeRateService(context),
    conversions: new ConversionService(context, queue, internalAccounts, gate),
    batches: new BatchService(context, internalAccounts, gate),
    ...holdServices(context, internalAccounts, gate),
    ...paymentServices(context, internalAccounts, gate),
    limits: new LimitService(context),
    roleLimits: new RoleLimitService(context, tellerLimit),
    loanProducts: new LoanProductService(context),
    loans: new LoanService(context, loanCommands, gate),
    loanPayments: new LoanPaymentService(context, loanCommands, gate),
    loanReports: new LoanReportService(context, loanCommands),
    loanSecurity: new LoanSecurityService(context, loanCommands),
    ...ownBooks(context, gate),
    deposits: new DepositService(context, internalAccounts, gate),
    instalments: new InstalmentService(context, gate),
    standingOrders: new StandingOrderService(context, internalAccounts, gate),
    statements: new StatementService(context),
    certificates: new CertificateService(context),
    calendar: new CalendarService(context, datedAfter(context)),
    endOfDay,
    audit: new AuditService(context, personalFieldsOpener(context), () => currentSigningKey(context)),
    users: new UserService(context),
    logins: new LoginService(context, accessTokens, throttle),
    credentials: new CredentialService(context, throttle),
    accessTokens,
    apiKeys,
    authenticate: createAuthenticate(tokens, apiKeys, (id) => addressSeal(context.db, context, id)),
    postingLoad: () => queue.load,
    drain: async () => {
      await endOfDay.stop();
      await accessTokens.stop();
      await apiKeys.drain();
      await queue.drain();
    },
  };
}

/** The bank's own books. */
function ownBooks(
  context: Context,
  gate: MoneyGate,
): Pick<
  Services,
  'accounting' | 'chart' | 'glLines' | 'journal' | 'periods' | 'positions' | 'reports' | 'years'
> {
  return {
    accounting: new AccountingService(context),
    chart: new ChartService(context),
    glLines: new GlLineService(context),
    journal: new JournalService(context, gate),
    periods: new PeriodService(context),
    positions: new PositionService(context),
    reports: new ReportService(context),
    years: new YearService(context),
  };
}

/** Customers and their accounts, with what keeps either from leaving. */
function partyServices(
  context: Context,
  internalAccounts: InternalAccounts,
  gate: MoneyGate,
): Pick<Services, 'accounts' | 'charges' | 'customers' | 'interest' | 'invitations'> {
  const { bookId } = context;
  const isAttached = (tx: Tx, ids: readonly AccountId[]) => hasActiveAttachment(tx, bookId, ids);
  const interest = new InterestService(context, internalAccounts);
  const accounts = new AccountService(context, gate, {
    isOfLoan: (tx, id, holder) => hasRunningLoan(tx, bookId, id, holder),
    isOfDeposit: (tx, id) => servesDeposit(tx, bookId, id),
    isAttached: (tx, id) => isAttached(tx, [id]),
    owesFees: (tx, id) => owesFees(tx, bookId, id),
    endsWithInterest: (tx, id) => interest.endsWithInterest(tx, id),
    payOut: async (tx, payout) => {
      await interest.postLast(tx, payout.from);
      return payOutClosing(tx, context, gate, payout);
    },
  });
  const holdings = [
    standingOrderHoldings(context),
    loanHoldings(context),
    depositHoldings(context),
    accountHoldings(context, { isAttached }),
  ];
  return {
    accounts,
    charges: new ChargeService(context, gate),
    interest,
    customers: new CustomerService(context, holdings, estatesOf(context)),
    invitations: new InvitationService(context, accounts),
  };
}

/** Money that is set aside, and what is captured of it. */
function holdServices(
  context: Context,
  internalAccounts: InternalAccounts,
  gate: MoneyGate,
): Pick<Services, 'holds' | 'attachments' | 'captureSettlements'> {
  return {
    holds: new HoldService(context, internalAccounts, gate),
    attachments: new AttachmentService(context, gate),
    captureSettlements: new CaptureSettlementService(context, internalAccounts, gate),
  };
}

/** What follows from the death of a customer, in the order of locks. */
function estatesOf(context: Context): Estates {
  const followers = {
    before: [standingOrderEstates(context), freePaymentsOfEstates(context)],
    after: [holdPaymentsOfEstates(context)],
  };
  const parts = [userEstates(context), accountEstates(context, followers)];
  return {
    follow: async (tx, caller, customerId) => {
      for (const part of parts) await part.follow(tx, caller, customerId);
    },
  };
}

/** All that `verify` checks: the kernel's laws and those of the features. */
export const LAWS: readonly Law[] = [
  ...LEDGER_LAWS,
  ...ACCOUNT_LAWS,
  ...TRANSACTION_LAWS,
  ...BENEFICIARY_LAWS,
  ...HOLD_LAWS,
  ...BALANCE_LAWS,
  ...STATEMENT_LAWS,
  ...STANDING_ORDER_LAWS,
  ...PAYMENT_LAWS,
  ...LOAN_LAWS,
  ...INTEREST_LAWS,
  ...DEPOSIT_LAWS,
  ...FEE_LAWS,
  ...SEQUENCE_LAWS,
  ...ACCOUNTING_LAWS,
  ...SHEET_LAWS,
  ...POSITION_LAWS,
  ...CONVERSION_LAWS,
];

/** Payments to and from other banks. */
function paymentServices(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
  const outgoingPayments = new OutgoingPaymentService(context, internalAccounts, gate);
  return {
    outgoingPayments,
    submissions: new SubmissionService(context),
    schemeFiles: new SchemeFileService(context),
    bulkPayments: new BulkPaymentService(context, outgoingPayments, gate),
    incomingPayments: new IncomingPaymentService(context, internalAccounts, gate),
  };
}
