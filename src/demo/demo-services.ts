import type { Context } from '#db/context.ts';
import type { AccountService } from '#features/accounts/contract.ts';
import type { BeneficiaryService } from '#features/beneficiaries/contract.ts';
import type { CustomerService } from '#features/customers/contract.ts';
import type { StandingOrderService } from '#features/standing-orders/contract.ts';
import type { TransactionService } from '#features/transactions/contract.ts';

/** The use cases through which the demo is made: those that everybody else calls. */
export type DemoServices = {
  readonly customers: CustomerService;
  readonly accounts: AccountService;
  readonly beneficiaries: BeneficiaryService;
  readonly transactions: TransactionService;
  readonly standingOrders: StandingOrderService;
};

/** Composes the services over a context; `createServices` of `src/bank/services.ts`. */
export type CreateDemoServices = (context: Context) => DemoServices;
