import type { Services } from '#bank/services.ts';
import { assert, unreachable } from '#lib/assert.ts';
import type { LoanId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { demoAccount } from './accounts.ts';
import { MORTGAGE } from './data.ts';
import { type AccountIds, accountIdOf, customerIdOf, DEMO_CALLER } from './open-accounts.ts';
import { FIXED_TERM, MORTGAGE_PRODUCT_ID, SAVING_PLAN } from './products.ts';
import type { Contract } from './year-plan.ts';

const DAYS_A_WEEK = 7;

/** `loans`: those that were paid out, by the account that they are repaid from. */
export type AgreeOptions = {
  readonly services: Services;
  readonly accountIds: AccountIds;
  readonly loans: Map<string, LoanId>;
};

/** Agrees a contract with a customer, and moves its money. */
export async function agree(
  contract: Contract,
  { services, accountIds, loans }: AgreeOptions,
): Promise<void> {
  const { account, amountMinor } = contract;
  const { customer, currency } = demoAccount(account);
  const party = { customerId: customerIdOf(customer), currency };
  const accountId = accountIdOf(accountIds, account);
  switch (contract.kind) {
    case 'mortgage':
      loans.set(
        account,
        await lend(services, { ...party, accountId, amount: formatAmount(amountMinor, currency) }),
      );
      return;
    case 'instalment': {
      const id = loans.get(account);
      assert(id !== undefined, 'an instalment is of a loan');
      return payInstalment(services, id);
    }
    case 'term_deposit': {
      const { months, onMaturity } = contract;
      await services.deposits.open(DEMO_CALLER, {
        ...party,
        amountMinor,
        product: FIXED_TERM,
        term: { unit: 'month', count: months },
        fromAccountId: accountId,
        instruction: { onMaturity, payoutAccountId: accountId },
      });
      return;
    }
    case 'saving_plan':
      await services.deposits.open(DEMO_CALLER, {
        ...party,
        amountMinor,
        product: SAVING_PLAN,
        term: { unit: 'day', count: contract.weeks * DAYS_A_WEEK },
        frequency: 'weekly',
        fromAccountId: accountId,
        instruction: { onMaturity: 'pay_out', payoutAccountId: accountId },
      });
      return;
    default:
      return unreachable(contract);
  }
}

type Borrowed = Pick<
  Parameters<Services['loans']['apply']>[1],
  'customerId' | 'accountId' | 'currency' | 'amount'
>;

async function lend({ loans, loanPayments }: Services, borrowed: Borrowed): Promise<LoanId> {
  const { loan } = await loans.apply(DEMO_CALLER, {
    ...borrowed,
    productId: MORTGAGE_PRODUCT_ID,
    requestedTerms: { instalments: MORTGAGE.instalments },
    directDebit: true,
  });
  await loans.approve({ caller: DEMO_CALLER, id: loan.id });
  const request = { caller: DEMO_CALLER, id: loan.id, idempotencyKey: 'demo-mortgage' };
  await loanPayments.disburse({ ...request, feesFrom: 'account' });
  return loan.id;
}

/** Pays the instalment that is next. */
async function payInstalment({ loans, loanPayments }: Services, id: LoanId): Promise<void> {
  const { period, currency, version } = (await loans.get(DEMO_CALLER, id)).loan;
  assert(period !== undefined, 'a mortgage has instalments left');
  await loanPayments.repay({
    caller: DEMO_CALLER,
    id,
    idempotencyKey: `demo-instalment-${version}`,
    amountMinor: period.principalMinor + period.interestMinor + period.feesMinor,
    currency,
    source: undefined,
    strategy: undefined,
  });
}
