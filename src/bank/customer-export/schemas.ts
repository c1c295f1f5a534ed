import { type Static, Type } from 'typebox';
import { InvitationSchema } from '#features/accounts/invitations/schemas.ts';
import { AccountSchema } from '#features/accounts/schemas.ts';
import { TaxExemptionsSchema } from '#features/accrual/exemptions/schemas.ts';
import { AuditRowSchema } from '#features/audit/schemas.ts';
import { BeneficiarySchema } from '#features/beneficiaries/schemas.ts';
import { FeeSchema } from '#features/charges/schemas.ts';
import { CustomerSchema } from '#features/customers/schemas.ts';
import { InstalmentSchema } from '#features/deposits/instalment-schemas.ts';
import { DepositEventSchema, DepositSchema } from '#features/deposits/schemas.ts';
import { AttachmentSchema } from '#features/holds/attachments/schemas.ts';
import { HoldSchema } from '#features/holds/schemas.ts';
import { AccountLimitsSchema } from '#features/limits/schemas.ts';
import { LoanSchema, LoanTransactionSchema } from '#features/loans/schemas.ts';
import { LoanSecuritySchema, PartyRoleSchema } from '#features/loans/security-schemas.ts';
import { IncomingPaymentSchema, OutgoingPaymentSchema } from '#features/payments/schemas.ts';
import { ExecutionSchema, StandingOrderSchema } from '#features/standing-orders/schemas.ts';
import { StatementSummarySchema } from '#features/statements/schemas.ts';
import { TransactionSchema } from '#features/transactions/schemas.ts';
import { choice, id, instant, list, text } from '#http/fields.ts';
import { closedObject, described, nullable, resource } from '#http/schemas.ts';
import { SessionSchema, UserSchema } from '#identity/users/schemas.ts';

const SecuredLoan = resource('SecuredLoan', 'A loan of somebody else that the customer stands for.', {
  loanId: id('loan', 'The loan.'),
  role: PartyRoleSchema,
  sharePercent: nullable(text('For how much of the debt, in percent; null for all of it.', '50')),
});

const StandingOrderHistory = resource('StandingOrderHistory', 'The due dates of a standing order.', {
  standingOrderId: id('standingOrder', 'The order.'),
  executions: list('The outcome of each due date.', ExecutionSchema),
});

const TimeDepositHistory = resource('TimeDepositHistory', 'What happened to a deposit.', {
  timeDepositId: id('deposit', 'The deposit.'),
  events: list('Its events.', DepositEventSchema),
  instalments: list('The instalments of a recurring one.', InstalmentSchema),
});

const LoanHistory = resource('LoanHistory', 'What happened to a loan, and what stands behind it.', {
  loanId: id('loan', 'The loan.'),
  transactions: list('Its transactions.', LoanTransactionSchema),
  security: described(LoanSecuritySchema, 'Its parties and its collateral.'),
});

/** What the export has beside the customer, by part; test/database/tidy/customer-export.test.ts asks for every table. */
const parts = {
  accounts: list('Accounts that the customer holds in any role.', AccountSchema),
  limits: list('The limits of these accounts.', AccountLimitsSchema),
  transactions: list('Transactions of these accounts.', TransactionSchema),
  outgoingPayments: list('Their payments to other banks.', OutgoingPaymentSchema),
  incomingPayments: list('Payments from other banks to them.', IncomingPaymentSchema),
  fees: list('Their fees.', FeeSchema),
  statements: list('Their numbered statements, without the lines: the transactions.', StatementSummarySchema),
  invitations: list(
    'Invitations to hold accounts: of the customer, and to accounts it owns.',
    InvitationSchema,
  ),
  beneficiaries: list('Payees.', BeneficiarySchema),
  standingOrders: list('Standing orders of these accounts.', StandingOrderSchema),
  standingOrderHistories: list('The due dates of each order.', StandingOrderHistory),
  holds: list('Holds on these accounts.', HoldSchema),
  attachments: list('Attachments of these accounts.', AttachmentSchema),
  timeDeposits: list('Deposits for a term, recurring ones too.', DepositSchema),
  timeDepositHistories: list('The events of each deposit.', TimeDepositHistory),
  loans: list('Loans of the customer.', LoanSchema),
  loanHistories: list('The transactions of each loan.', LoanHistory),
  securedLoans: list('Loans of others that the customer stands for.', SecuredLoan),
  users: list('Users of the customer.', UserSchema),
  sessions: list('Their sessions that are open.', SessionSchema),
};

export const CustomerExportSchema = resource(
  'CustomerExport',
  'Everything that the bank keeps about a customer.',
  {
    generatedAt: instant('When it was read.'),
    cutOff: list('The parts of which only the newest 10,000 rows are here.', text('A part.', 'transactions')),
    customer: described(CustomerSchema, 'The customer.'),
    taxExemptions: described(TaxExemptionsSchema, 'When its interest bears no tax.'),
    ...parts,
    auditLog: list(
      'Rows of the audit trail about the customer and its accounts, payees, orders, deposits, loans, invitations, attachments and users, and of what its users did.',
      AuditRowSchema,
    ),
  },
);
export type CustomerExport = Static<typeof CustomerExportSchema>;

export const ExportQuery = closedObject({
  format: Type.Optional(choice('CustomerExportFormat', 'JSON if not given.', ['json', 'pdf'])),
});
