import type { Context } from '#db/context.ts';
import { revaluePositions } from '#features/accounting/contract.ts';
import { accountTermsStep } from '#features/accounts/contract.ts';
import { interestStep } from '#features/accrual/contract.ts';
import { dateFeesStep, dueFeesStep } from '#features/charges/contract.ts';
import { depositsStep, instalmentsStep } from '#features/deposits/contract.ts';
import {
  balancesStep,
  closeDateStep,
  type EndOfDayStep,
  trialBalanceStep,
} from '#features/end-of-day/contract.ts';
import { attachmentsStep, expireHoldsStep } from '#features/holds/contract.ts';
import { keepPortfolio, loansStep } from '#features/loans/contract.ts';
import { standingOrdersStep } from '#features/standing-orders/contract.ts';
import { statementsStep } from '#features/statements/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';

/**
 * The steps at the end of each business date, in this order: a deposit that matures pays standing orders, and a customer paid by a standing order may pay an instalment
 * of a deposit or repay a loan with it. Interest comes after all that changes balances of the date. Steps that move money come before the date is closed and are booked on it. Steps that keep balances of the date
 * come after, when nothing is booked on it any more. Positions in foreign currencies are valued as the date is closed,
 * when no conversion is under way.
 */
export function endOfDaySteps(context: Context, internalAccounts: InternalAccounts): readonly EndOfDayStep[] {
  const { bookId } = context;
  return [
    expireHoldsStep(context),
    attachmentsStep(context),
    depositsStep(context, internalAccounts),
    standingOrdersStep(context, internalAccounts),
    instalmentsStep(context, internalAccounts),
    loansStep(context, internalAccounts),
    dueFeesStep(context),
    dateFeesStep(context),
    interestStep(context, internalAccounts),
    accountTermsStep(context),
    trialBalanceStep(bookId),
    closeDateStep(context, async (tx, date) => {
      await keepPortfolio(tx, bookId, date);
      await revaluePositions(tx, context, internalAccounts, date);
    }),
    balancesStep(bookId),
    statementsStep(context),
  ];
}
