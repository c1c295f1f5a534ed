import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { accountFor, assertAccess } from '#features/accounts/contract.ts';
import { assertWithinLimit } from '#features/transactions/contract.ts';
import { ledgerError } from '#ledger/errors.ts';
import { findReversal } from '#ledger/reversal.ts';
import { assert } from '#lib/assert.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { commonError } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  commandOf,
  type Decision,
  type LoanAnswer,
  type LoanCommand,
  type LoanCommands,
  type LoanRequest,
  type Payment,
} from './commands.ts';
import { loanError } from './errors.ts';
import type { DisbursementDates, FeeSource, LoanEvent, MoneySource, PrepaymentStrategy } from './event.ts';
import { listEvents } from './event-repository.ts';
import { undoLastRepayment } from './history.ts';
import { areHeldByBorrowers } from './holdings.ts';
import type { LoanLine } from './lines.ts';
import type { Loan } from './loan.ts';

export type RepayRequest = LoanRequest & {
  /** Minor units. */
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** The borrower's account by default. */
  readonly source: MoneySource | undefined;
  readonly strategy: PrepaymentStrategy;
};

/**
 * Movements of money for loans. Each call is one database transaction and uses its key once. All throw 404 `not_found`,
 * 409 `loan_not_in_status`, 422 `idempotency_key_reused`, and the ledger's refusals: 409 `account_closed` or
 * `account_frozen`, 422 `insufficient_funds` or `currency_mismatch`. A customer's user repays from accounts that its
 * customer holds. A teller gets 403 `limit_requires_manager` above the limit.
 */
export class LoanPaymentService {
  readonly #context: Context;
  readonly #commands: LoanCommands;
  readonly #tellerLimitMajor: bigint;

  constructor(context: Context, commands: LoanCommands, tellerLimitMajor: bigint) {
    this.#context = context;
    this.#commands = commands;
    this.#tellerLimitMajor = tellerLimitMajor;
  }

  /**
   * Disburses an approved loan to the borrower's account, once. Throws 409 `customer_closed`, 422
   * `account_not_of_borrower` and as Loan.disburse.
   */
  disburse({
    feesFrom,
    dates = {},
    ...request
  }: LoanRequest & {
    readonly feesFrom: FeeSource;
    readonly dates?: DisbursementDates;
  }): Promise<LoanAnswer> {
    const asked =
      Object.keys(dates).length === 0 ? [] : [JSON.stringify([dates.firstDueOn, dates.rateChanges])];
    const command = this.#command('disburseLoan', request, [feesFrom, ...asked], true);
    return this.#commands.run(command, async (loan, today, tx) => {
      const lines = loan.disburse(today, feesFrom, { dates: asked.length === 0 ? undefined : dates });
      const { accountId } = loan.state;
      const [isHeld] = await areHeldByBorrowers(tx, this.#context.bookId, [loan.state]);
      if (isHeld !== true) throw loanError('account_not_of_borrower');
      const amountMinor = sumOf(lines, ({ credit }) => credit === 'account');
      const row = { accountId, type: 'loan_disbursement', mode: 'internal', amountMinor } as const;
      return decided(loan, { kind: 'loan_disbursement', lines, row });
    });
  }

  /** Throws 422 `overpayment_refused`, and 403 `forbidden` for a customer who pays cash. */
  async repay({ amountMinor, currency, strategy, ...request }: RepayRequest): Promise<LoanAnswer> {
    const { caller, id } = request;
    const details = await this.#commands.find(caller, id);
    const source = request.source ?? { accountId: details.loan.accountId };
    await this.#assertMayPay(caller, source);
    const command = this.#command('repayLoan', request, [amountMinor, sourceText(request.source), strategy]);
    const repay = async (loan: Loan, today: IsoDate, tx: Tx): Promise<Decision> => {
      assertCurrency(loan, currency);
      assertWithinLimit(caller, this.#tellerLimitMajor, { amountMinor, currency });
      const lines = loan.repay({ amountMinor, source, strategy }, today);
      await this.#assertStillMayPay(tx, caller, source);
      const row = payerRow(loan, lines, source, 'loan_repayment');
      return decided(loan, { kind: 'loan_repayment', lines, source, row });
    };
    return this.#commands.run(command, repay, details);
  }

  /** Undoes the last repayment, as if it had never been made. Throws 422 `no_repayment_to_undo`. */
  undoLastRepayment({ reason, ...request }: LoanRequest & { readonly reason: string }): Promise<LoanAnswer> {
    const { bookId } = this.#context;
    const command = this.#command('undoLoanRepayment', request, [reason], true);
    return this.#commands.run(command, async (loan, today, tx) => {
      const history = await listEvents(tx, bookId, request.id);
      const { repayment, ...undone } = undoLastRepayment(loan, history, reason, today);
      return { ...undone, payment: await this.#reversalOf(tx, loan, repayment) };
    });
  }

  /** Takes the debt off the books as a loss; the bank still claims it. */
  chargeOff({ reason, ...request }: LoanRequest & { readonly reason: string }): Promise<LoanAnswer> {
    return this.#commands.run(this.#command('chargeOffLoan', request, [reason]), (loan, today) =>
      decided(loan, { kind: 'loan_loss', lines: loan.chargeOff(reason, today) }),
    );
  }

  /** Waives the debt, or the charged-off amount. */
  writeOff({ reason, ...request }: LoanRequest & { readonly reason: string }): Promise<LoanAnswer> {
    return this.#commands.run(this.#command('writeOffLoan', request, [reason]), (loan, today) =>
      decided(loan, { kind: 'loan_loss', lines: loan.writeOff(reason, today) }),
    );
  }

  /** Takes money recovered after a loss. Throws 422 `recovery_exceeds_loss`. */
  async recover(request: Omit<RepayRequest, 'strategy'>): Promise<LoanAnswer> {
    const { caller, id, amountMinor, currency } = request;
    const details = await this.#commands.find(caller, id);
    const source = request.source ?? { accountId: details.loan.accountId };
    await this.#assertMayPay(caller, source);
    const command = this.#command('recoverLoan', request, [amountMinor, sourceText(request.source)]);
    const recover = (loan: Loan, today: IsoDate): Decision => {
      assertCurrency(loan, currency);
      assertWithinLimit(caller, this.#tellerLimitMajor, { amountMinor, currency });
      const lines = loan.recover(amountMinor, source, today);
      const row = payerRow(loan, lines, source, 'loan_recovery');
      return decided(loan, { kind: 'loan_recovery', lines, source, row });
    };
    return this.#commands.run(command, recover, details);
  }

  #command(
    operation: string,
    request: LoanRequest,
    values: readonly (string | bigint | undefined)[],
    needsCustomer = false,
  ): LoanCommand {
    return { ...commandOf(operation, request, values), needsCustomer };
  }

  async #reversalOf(tx: Tx, loan: Loan, { entryId, amountMinor, details }: LoanEvent): Promise<Payment> {
    assert(entryId !== undefined, 'a repayment was posted');
    const reversal = await findReversal(tx, this.#context.bookId, entryId);
    assert(reversal !== undefined, 'a posted entry can be found');
    const { source, excessMinor = 0n } = details;
    const isCash = source === 'cash' || source === undefined;
    const accountId = isCash ? loan.state.accountId : source.accountId;
    const ofAccountMinor = isCash ? excessMinor : amountMinor;
    return {
      kind: 'reversal',
      lines: [],
      reversal: { postings: reversal.postings, reversesEntryId: entryId },
      row:
        ofAccountMinor === 0n
          ? undefined
          : { accountId, type: 'reversal', mode: 'internal', amountMinor: ofAccountMinor },
    };
  }

  /** A customer pays only from an account, and only from one they may debit. */
  async #assertMayPay(caller: Caller, source: MoneySource): Promise<void> {
    if (source === 'cash') {
      if (ownCustomerOf(caller) === undefined) return;
      throw commonError('forbidden');
    }
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId: source.accountId }, 'pay');
  }

  async #assertStillMayPay(tx: Tx, caller: Caller, source: MoneySource): Promise<void> {
    if (source === 'cash') return;
    await assertAccess(tx, this.#context.bookId, [{ caller, accountId: source.accountId }], 'pay');
  }
}

function assertCurrency({ state }: Loan, currency: Currency): void {
  if (state.currency !== currency) throw ledgerError('currency_mismatch');
}

function decided(loan: Loan, payment: Payment): Decision {
  return { state: loan.state, events: loan.events, earned: loan.earned, payment };
}

/** The line that the payer sees; for cash, the credit to the borrower's account. */
function payerRow(
  { state }: Loan,
  lines: readonly LoanLine[],
  source: MoneySource,
  type: 'loan_repayment' | 'loan_recovery',
): Payment['row'] {
  const amountMinor =
    source === 'cash'
      ? sumOf(lines, ({ credit }) => credit === 'account')
      : sumOf(lines, ({ debit }) => debit === 'source');
  if (amountMinor === 0n) return undefined;
  const accountId = source === 'cash' ? state.accountId : source.accountId;
  return { accountId, type, mode: source === 'cash' ? 'branch' : 'internal', amountMinor };
}

function sumOf(lines: readonly LoanLine[], isCounted: (line: LoanLine) => boolean): bigint {
  return lines.reduce((sum, line) => (isCounted(line) ? sum + line.amountMinor : sum), 0n);
}

function sourceText(source: MoneySource | undefined): string | undefined {
  return source === 'cash' || source === undefined ? source : source.accountId;
}
