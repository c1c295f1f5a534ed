import { type Static, Type } from 'typebox';
import { AccountSchema } from '#features/accounts/schemas.ts';
import { AuditRowSchema } from '#features/audit/schemas.ts';
import { BeneficiarySchema } from '#features/beneficiaries/schemas.ts';
import { CustomerSchema } from '#features/customers/schemas.ts';
import { HoldSchema } from '#features/holds/schemas.ts';
import { LoanSchema } from '#features/loans/schemas.ts';
import { StandingOrderSchema } from '#features/standing-orders/schemas.ts';
import { TransactionSchema } from '#features/transactions/schemas.ts';
import { choice, instant, list, text } from '#http/fields.ts';
import { closedObject, described, resource } from '#http/schemas.ts';
import { UserSchema } from '#identity/users/schemas.ts';

export const CustomerExportSchema = resource(
  'CustomerExport',
  'Everything that the bank keeps about a customer.',
  {
    generatedAt: instant('When it was read.'),
    cutOff: list('The parts of which only the newest 10,000 rows are here.', text('A part.', 'transactions')),
    customer: described(CustomerSchema, 'The customer.'),
    accounts: list('Accounts that the customer holds in any role.', AccountSchema),
    transactions: list('Transactions of these accounts.', TransactionSchema),
    beneficiaries: list('Payees.', BeneficiarySchema),
    standingOrders: list('Standing orders of these accounts.', StandingOrderSchema),
    holds: list('Holds on these accounts.', HoldSchema),
    loans: list('Loans of the customer.', LoanSchema),
    users: list('Users of the customer.', UserSchema),
    auditLog: list('Rows of the audit trail about any of these, or of what its users did.', AuditRowSchema),
  },
);
export type CustomerExport = Static<typeof CustomerExportSchema>;

export const ExportQuery = closedObject({
  format: Type.Optional(choice('CustomerExportFormat', 'JSON if not given.', ['json', 'pdf'])),
});
