import type { HttpServer } from '#http/server.ts';
import { operationsFor } from './access.ts';
import type { Services } from './services.ts';

type Register = (server: HttpServer, services: Services) => Promise<void>;

/**
 * Every operation of the API, by its tag: read it as an index of what the server answers. Each part is loaded when it
 * is asked for, so that a process which needs one of them starts in a fraction of the time.
 */
const ROUTES: Readonly<Record<string, Register>> = {
  Bank: async (server, services) => {
    const { registerBankRoutes } = await import('#features/books/routes.ts');
    registerBankRoutes(server, services.bank);
  },
  Search: async (server, services) => {
    const { registerSearchRoutes } = await import('./search/routes.ts');
    registerSearchRoutes(server, services);
  },
  Customers: async (server, services) => {
    const { registerCustomerRoutes } = await import('#features/customers/routes.ts');
    const { registerCustomerExport } = await import('./customer-export/routes.ts');
    registerCustomerRoutes(server, services.customers);
    registerCustomerExport(server, services);
  },
  Products: async (server, services) => {
    const { registerProductRoutes } = await import('#features/products/routes.ts');
    registerProductRoutes(server, services.products);
  },
  Interest: async (server, services) => {
    const { registerInterestQuoteRoutes } = await import('#features/interest/quote/routes.ts');
    const { registerAccountInterestRoutes } = await import('#features/accrual/routes.ts');
    const { registerTaxExemptionRoutes } = await import('#features/accrual/exemptions/routes.ts');
    const { registerReferenceRateRoutes } = await import('#features/reference-rates/routes.ts');
    registerInterestQuoteRoutes(server, (product, days) => services.interest.ratesOf(product, days));
    registerReferenceRateRoutes(server, services.referenceRates);
    registerAccountInterestRoutes(server, services.interest);
    registerTaxExemptionRoutes(server, services.taxExemptions);
  },
  Currencies: async (server, services) => {
    const { registerExchangeRateRoutes } = await import('#features/exchange-rates/routes.ts');
    const { registerConversionRoutes } = await import('#features/conversions/routes.ts');
    registerExchangeRateRoutes(server, services.exchangeRates);
    registerConversionRoutes(server, services.conversions);
  },
  Fees: async (server, services) => {
    const { registerChargeRoutes } = await import('#features/charges/routes.ts');
    registerChargeRoutes(server, services.charges);
  },
  Accounts: async (server, services) => {
    const { registerAccountRoutes } = await import('#features/accounts/routes.ts');
    const { registerInvitationRoutes } = await import('#features/accounts/invitations/routes.ts');
    const { registerBalanceExplanation } = await import('./balance-explanation/routes.ts');
    registerAccountRoutes(server, services.accounts);
    registerBalanceExplanation(server, services);
    registerInvitationRoutes(server, services.invitations, services.context.clock);
  },
  Beneficiaries: async (server, services) => {
    const { registerBeneficiaryRoutes } = await import('#features/beneficiaries/routes.ts');
    registerBeneficiaryRoutes(server, services.beneficiaries, () => services.context.clock.nowMs());
  },
  Transactions: async (server, services) => {
    const { registerTransactionRoutes } = await import('#features/transactions/routes.ts');
    const { registerBatchRoutes } = await import('#features/transactions/batch-routes.ts');
    registerTransactionRoutes(server, services.transactions);
    registerBatchRoutes(server, services.batches);
  },
  Statements: async (server, services) => {
    const { registerCertificateRoutes } = await import('#features/statements/certificate-routes.ts');
    const { registerStatementRoutes } = await import('#features/statements/routes.ts');
    registerStatementRoutes(server, services.statements);
    registerCertificateRoutes(server, services.certificates);
  },
  Holds: async (server, services) => {
    const { registerHoldRoutes } = await import('#features/holds/routes.ts');
    const { registerSettlementRoutes } = await import('#features/holds/settlements/routes.ts');
    const { registerAttachmentRoutes } = await import('#features/holds/attachments/routes.ts');
    registerHoldRoutes(server, services.holds);
    registerAttachmentRoutes(server, services.attachments);
    registerSettlementRoutes(server, services.captureSettlements);
  },
  Payments: async (server, services) => {
    const { registerOutgoingPaymentRoutes } = await import('#features/payments/outgoing-routes.ts');
    const { registerIncomingPaymentRoutes } = await import('#features/payments/incoming-routes.ts');
    const { registerSubmissionRoutes } = await import('#features/payments/submission-routes.ts');
    const { registerSchemeFileRoutes } = await import('#features/payments/scheme-files/routes.ts');
    registerOutgoingPaymentRoutes(server, services.outgoingPayments);
    registerSubmissionRoutes(server, services.submissions, services.bulkPayments);
    registerSchemeFileRoutes(server, services.schemeFiles);
    registerIncomingPaymentRoutes(server, services.incomingPayments);
  },
  Limits: async (server, services) => {
    const { registerRoleLimitRoutes } = await import('#features/authority/routes.ts');
    const { registerLimitRoutes } = await import('#features/limits/routes.ts');
    registerLimitRoutes(server, services.limits);
    registerRoleLimitRoutes(server, services.roleLimits);
  },
  Loans: async (server, services) => {
    const { registerLoanProductRoutes } = await import('#features/loans/products/routes.ts');
    const { registerLoanRoutes } = await import('#features/loans/products/quote-routes.ts');
    const { registerLoanLifeRoutes } = await import('#features/loans/routes.ts');
    const { registerLoanDecisionRoutes } = await import('#features/loans/decision-routes.ts');
    const { registerLoanCorrectionRoutes } = await import('#features/loans/correction-routes.ts');
    const { registerLoanPaymentRoutes } = await import('#features/loans/payment-routes.ts');
    const { registerLoanSecurityRoutes } = await import('#features/loans/security-routes.ts');
    const { registerLoanReportRoutes } = await import('#features/loans/reports/routes.ts');
    registerLoanProductRoutes(server, services.loanProducts);
    registerLoanRoutes(server, services.loanProducts);
    registerLoanLifeRoutes(server, services.loans, services.loanProducts);
    registerLoanDecisionRoutes(server, services.loans);
    registerLoanPaymentRoutes(server, services.loanPayments);
    registerLoanCorrectionRoutes(server, services.loanPayments);
    registerLoanSecurityRoutes(server, services.loanSecurity);
    registerLoanReportRoutes(server, services.loanReports);
  },
  Accounting: async (server, services) => {
    const { registerAccountingRoutes } = await import('#features/accounting/routes.ts');
    const { registerChartRoutes } = await import('#features/accounting/chart/routes.ts');
    const { registerJournalRoutes } = await import('#features/accounting/journal/routes.ts');
    const { registerGlLineRoutes } = await import('#features/accounting/lines/routes.ts');
    const { registerPeriodRoutes } = await import('#features/accounting/periods/routes.ts');
    const { registerPositionRoutes } = await import('#features/accounting/positions/routes.ts');
    const { registerReportRoutes } = await import('#features/accounting/reports/routes.ts');
    registerAccountingRoutes(server, services.accounting);
    registerChartRoutes(server, services.chart);
    registerGlLineRoutes(server, services.glLines);
    registerPositionRoutes(server, services.positions);
    registerJournalRoutes(server, services.journal);
    registerReportRoutes(server, services.reports);
    registerPeriodRoutes(server, services.periods, services.years);
  },
  'Time deposits': async (server, services) => {
    const { registerDepositRoutes } = await import('#features/deposits/routes.ts');
    const { registerInstalmentRoutes } = await import('#features/deposits/instalment-routes.ts');
    registerDepositRoutes(server, services.deposits);
    registerInstalmentRoutes(server, services.instalments);
  },
  'Standing orders': async (server, services) => {
    const { registerStandingOrderRoutes } = await import('#features/standing-orders/routes.ts');
    registerStandingOrderRoutes(server, services.standingOrders);
  },
  Calendar: async (server, services) => {
    const { registerCalendarRoutes } = await import('#features/calendar/routes.ts');
    const { registerEndOfDayRoutes } = await import('#features/end-of-day/routes.ts');
    registerCalendarRoutes(server, services.calendar);
    registerEndOfDayRoutes(server, services.endOfDay);
  },
  Audit: async (server, services) => {
    const { registerAuditRoutes } = await import('#features/audit/routes.ts');
    registerAuditRoutes(server, services.audit);
  },
  Authentication: async (server, services) => {
    const { registerAuthRoutes } = await import('#identity/users/auth-routes.ts');
    registerAuthRoutes(server, services, operationsFor);
  },
  Users: async (server, services) => {
    const { registerUserRoutes } = await import('#identity/users/routes.ts');
    registerUserRoutes(server, services.users);
  },
  Access: async (server, services) => {
    const { registerApiKeyRoutes } = await import('#identity/api-keys/routes.ts');
    const { registerTokenRoutes } = await import('#identity/tokens/routes.ts');
    registerApiKeyRoutes(server, services.apiKeys);
    registerTokenRoutes(server, services.accessTokens);
  },
};

/** Registers every operation. */
export async function registerRoutes(server: HttpServer, services: Services): Promise<void> {
  for (const register of Object.values(ROUTES)) await register(server, services);
}

/** Registers the operations of a tag; nothing for any other text. */
export async function registerRoutesOf(tag: string, server: HttpServer, services: Services): Promise<void> {
  await ROUTES[tag]?.(server, services);
}
