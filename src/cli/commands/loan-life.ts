import { type Command, Option } from 'commander';
import type { Services } from '#bank/services.ts';
import {
  FEE_SOURCES,
  type FeeSource,
  type LoanView,
  loanAnswerView,
  loanView,
  PREPAYMENT_STRATEGIES,
  type PrepaymentStrategy,
} from '#features/loans/contract.ts';
import type { CustomerId, LoanId, LoanProductId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { findReferredAccount } from '../find-account.ts';
import { parseCount, parsePercentText } from '../loan-options.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPostingOptions, type PostingOptions, withKey } from '../posting.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { renderFields } from '../table.ts';
import {
  type AccountReference,
  parseAccountReference,
  parseAmountText,
  parseCustomerId,
  parseDateValue,
  parseLoanId,
  parseLoanProductId,
  toMinor,
} from '../values.ts';

/** `loan apply|approve|reject|withdraw|disburse|repay`. */
export function addLoanLifeCommands(loan: Command): void {
  addApply(loan);
  onLoan(loan, 'approve', 'lend what is asked for, or less')
    .option('--amount <amount>', 'not all of it, but this', parseAmountText)
    .option('--json', 'print JSON')
    .action((id: LoanId, options: OutputOptions & { readonly amount?: string }) =>
      showResult(options, async ({ loans }) =>
        loanAnswerView(await loans.approve(CLI_CALLER, id, options.amount)),
      ),
    );
  onLoan(loan, 'reject', 'do not lend')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print JSON')
    .action((id: LoanId, options: OutputOptions & { readonly reason: string }) =>
      showResult(options, async ({ loans }) =>
        loanAnswerView(await loans.reject(CLI_CALLER, id, options.reason)),
      ),
    );
  onLoan(loan, 'withdraw', 'take an application back')
    .option('--json', 'print JSON')
    .action((id: LoanId, options: OutputOptions) =>
      showResult(options, async ({ loans }) => loanAnswerView(await loans.withdraw(CLI_CALLER, id))),
    );
  addDisburse(loan);
  addRepay(loan);
}

export function onLoan(loan: Command, name: string, description: string): Command {
  return loan
    .command(name)
    .description(description)
    .argument('<loan>', 'the id of the loan, loan_…', parseLoanId);
}

function addApply(loan: Command): void {
  loan
    .command('apply')
    .description('apply for a loan')
    .argument('<account>', 'where it is paid out to: id, IBAN or number', parseAccountReference)
    .argument('<product>', 'the id of a loan product, lnp_…', parseLoanProductId)
    .argument('<amount>', 'in major units, like 1250.00', parseAmountText)
    .requiredOption('--instalments <count>', 'how many', parseCount)
    .option('--customer <customer>', 'who borrows; the owner of the account if not given', parseCustomerId)
    .option('--rate <percent>', 'what the product says if not given', parsePercentText)
    .option('--disbursed-on <date>', 'when it is wanted; today if not given', parseDateValue)
    .option('--first-due-on <date>', 'when the first instalment is due', parseDateValue)
    .option('--no-direct-debit', 'do not collect what falls due from the account')
    .option('--external-id <id>', 'its id in another system')
    .option('--json', 'print JSON')
    .action(apply);
}

type ApplyOptions = OutputOptions & {
  readonly instalments: number;
  readonly customer?: CustomerId;
  readonly rate?: string;
  readonly disbursedOn?: IsoDate;
  readonly firstDueOn?: IsoDate;
  readonly directDebit: boolean;
  readonly externalId?: string;
};

async function apply(
  reference: AccountReference,
  productId: LoanProductId,
  amount: string,
  options: ApplyOptions,
): Promise<void> {
  const { instalments, customer, rate, disbursedOn, firstDueOn, directDebit, externalId } = options;
  await showResult(options, async (services) => {
    const { id: accountId, currency, customerId } = await findReferredAccount(services, reference);
    const shown = await services.loans.apply(CLI_CALLER, {
      customerId: customer ?? customerId,
      accountId,
      productId,
      amount,
      currency,
      requestedTerms: { instalments, annualRatePercent: rate, disbursedOn, firstDueOn },
      directDebit,
      externalId,
    });
    return loanView(shown);
  });
}

function addDisburse(loan: Command): void {
  addPostingOptions(
    onLoan(loan, 'disburse', 'pay an approved loan out to the account').addOption(
      new Option('--fees-from <source>', 'keep the fee back from the amount, or leave it due')
        .choices(FEE_SOURCES)
        .default('account'),
    ),
  ).action((id: LoanId, options: PostingOptions & { readonly feesFrom: FeeSource }) =>
    withKey(options, async ({ loanPayments }, idempotencyKey) => {
      const { feesFrom } = options;
      const answer = await loanPayments.disburse({ caller: CLI_CALLER, idempotencyKey, id, feesFrom });
      return { view: loanAnswerView(answer), replayed: answer.replayed };
    }),
  );
}

type RepayOptions = PostingOptions & {
  readonly from?: AccountReference | 'cash';
  readonly strategy: PrepaymentStrategy;
};

function addRepay(loan: Command): void {
  addPostingOptions(
    onLoan(loan, 'repay', 'repay a loan, as far as the amount goes')
      .argument('<amount>', 'in major units, like 1250.00', parseAmountText)
      .option('--from <account>', 'cash, or an account; that of the loan if not given', parseSource)
      .addOption(
        new Option('--strategy <strategy>', 'what paying early changes')
          .choices(PREPAYMENT_STRATEGIES)
          .default('shorten_term'),
      ),
  ).action((id: LoanId, amount: string, { from, strategy, ...options }: RepayOptions) =>
    withKey(options, async (services, idempotencyKey) => {
      const { currency } = (await services.loans.get(CLI_CALLER, id)).loan;
      const answer = await services.loanPayments.repay({
        caller: CLI_CALLER,
        idempotencyKey,
        id,
        amountMinor: toMinor(amount, currency),
        currency,
        source: await sourceOf(services, from),
        strategy,
      });
      return { view: loanAnswerView(answer), replayed: answer.replayed };
    }),
  );
}

async function sourceOf(services: Services, from: AccountReference | 'cash' | undefined) {
  if (from === undefined || from === 'cash') return from;
  return { accountId: (await findReferredAccount(services, from)).id };
}

function parseSource(text: string): AccountReference | 'cash' {
  return text === 'cash' ? text : parseAccountReference(text);
}

async function showResult(
  options: OutputOptions,
  work: (services: Services) => Promise<LoanView>,
): Promise<void> {
  const view = await withBank(({ services }) => work(services));
  await show(options, view, () => renderFields(view));
}
