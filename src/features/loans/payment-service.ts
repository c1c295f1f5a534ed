import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { accountFor, assertAccess } from '#features/accounts/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { ledgerError } from '#ledger/errors.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { commonError } from '#lib/errors.ts';
import { cleanLabels, type Labels, labelValues } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import type { Reasons } from '#lib/reasons.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { movedByCalendar } from './calendar-dates.ts';
import {
  commandOf,
  type Decision,
  type LoanAnswer,
  type LoanCommand,
  type LoanCommands,
  type LoanRequest,
  type Payment,
  reasonValues,
} from './commands.ts';
import { LoanCorrections } from './corrections.ts';
import { loanError } from './errors.ts';
import type { DisbursementDates, FeeSource, MoneySource, PrepaymentStrategy, WaivedPart } from './event.ts';
import { areHeldByBorrowers } from './holdings.ts';
import type { LoanLine } from './lines.ts';
import type { Loan } from './loan.ts';

export type RepayRequest = LoanRequest &
  Labels & {
    /** Minor units. */
    readonly amountMinor: bigint;
    readonly currency: Currency;
    /** The borrower's account by default. */
    readonly source: MoneySource | undefined;
    /** That of the product by default. */
    readonly strategy: PrepaymentStrategy | undefined;
    /** The date from which it counts; the business date by default. */
    readonly valueDate?: IsoDate | undefined;
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
  readonly #corrections: LoanCorrections;
  readonly #gate: MoneyGate;

  constructor(context: Context, commands: LoanCommands, gate: MoneyGate) {
    this.#context = context;
    this.#commands = commands;
    this.#corrections = new LoanCorrections(context);
    this.#gate = gate;
  }

  /**
   * Disburses an approved loan to the borrower's account, at once or in parts. Throws 403 `own_application`, 409 `customer_closed`, 422
   * `account_not_of_borrower` and as Loan.disburse.
   */
  disburse({
    feesFrom,
    amount,
    dates = {},
    ...request
  }: LoanRequest &
    Labels & {
      readonly feesFrom: FeeSource;
      /** A part of it, in the loan's currency; all that is left if not given. */
      readonly amount?: string | undefined;
      readonly dates?: DisbursementDates;
    }): Promise<LoanAnswer> {
    const asked =
      Object.keys(dates).length === 0 ? [] : [JSON.stringify([dates.firstDueOn, dates.rateChanges])];
    const part = amount === undefined ? [] : [`amount ${amount}`];
    const labels = cleanLabels(request);
    const values = [feesFrom, ...asked, ...part, ...labelValues(labels)];
    const command = { ...this.#command('disburseLoan', request, values, true), labels, needsAnother: true };
    return this.#commands.run(command, async (loan, today, tx) => {
      // A later part keeps the due dates that there are.
      const isFirst = loan.state.status !== 'active';
      const moved = isFirst
        ? await movedByCalendar(tx, this.#context, loan.product, loan.plannedTerms(today, dates))
        : undefined;
      const given = asked.length === 0 && moved === undefined ? undefined : { ...dates, moved };
      const { accountId, currency } = loan.state;
      const amountMinor = amount === undefined ? undefined : parseAmount(amount, currency, 'amount');
      const lines = loan.disburse(today, feesFrom, { dates: given, amountMinor });
      const [isHeld] = await areHeldByBorrowers(tx, this.#context.bookId, [loan.state]);
      if (isHeld !== true) throw loanError('account_not_of_borrower');
      const paidMinor = sumOf(lines, ({ credit }) => credit === 'account');
      const row = {
        accountId,
        type: 'loan_disbursement',
        mode: 'internal',
        amountMinor: paidMinor,
      } as const;
      return decided(loan, { kind: 'loan_disbursement', lines, row });
    });
  }

  /**
   * Takes a repayment. With a value date before the business date, it counts from there: the loan is replayed. Throws
   * 422 `overpayment_refused`, `value_date_outside` and `correction_blocked`, and 403 `forbidden` for a customer who
   * pays cash.
   */
  async repay({ amountMinor, currency, strategy, valueDate, ...request }: RepayRequest): Promise<LoanAnswer> {
    const { caller, id } = request;
    const labels = cleanLabels(request);
    const details = await this.#commands.find(caller, id);
    const source = request.source ?? { accountId: details.loan.accountId };
    await this.#assertMayPay(caller, source);
    const dated = valueDate === undefined ? [] : [valueDate];
    const values = [
      amountMinor,
      sourceText(request.source),
      strategy ?? 'shorten_term',
      ...dated,
      ...labelValues(labels),
    ];
    const command = { ...this.#command('repayLoan', request, values), labels };
    const repay = async (loan: Loan, today: IsoDate, tx: Tx): Promise<Decision> => {
      assertCurrency(loan, currency);
      await this.#gate.judgeWithin(tx, caller, 'repayLoan', { amountMinor, currency });
      await this.#assertStillMayPay(tx, caller, source);
      const repayment = { amountMinor, source, strategy: strategy ?? strategyOf(loan) };
      if (valueDate !== undefined && valueDate !== today) {
        const { payment, ...made } = await this.#corrections.repayOn(tx, loan, repayment, {
          on: valueDate,
          today,
        });
        const row = payerRow(loan, payment.lines, source, 'loan_repayment');
        return { ...made, payment: { ...payment, row } };
      }
      const lines = loan.repay(repayment, today);
      const row = payerRow(loan, lines, source, 'loan_repayment');
      return decided(loan, { kind: 'loan_repayment', lines, source, row });
    };
    return this.#commands.run(command, repay, details);
  }

  /** Takes the debt off the books as a loss; the bank still claims it. */
  chargeOff({ reason, customerReason, ...request }: LoanRequest & Reasons): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    return this.#commands.run(this.#command('chargeOffLoan', request, reasonValues(reasons)), (loan, today) =>
      decided(loan, { kind: 'loan_loss', lines: loan.chargeOff(reasons, today) }),
    );
  }

  /** Waives the debt, or the charged-off amount. */
  writeOff({ reason, customerReason, ...request }: LoanRequest & Reasons): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    return this.#commands.run(this.#command('writeOffLoan', request, reasonValues(reasons)), (loan, today) =>
      decided(loan, { kind: 'loan_loss', lines: loan.writeOff(reasons, today) }),
    );
  }

  /** Gives up interest, fees or penalties that are due, as Loan.waive does. */
  waive({
    part,
    amount,
    reason,
    customerReason,
    ...request
  }: LoanRequest & Reasons & { readonly part: WaivedPart; readonly amount?: string }): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    const command = this.#command('waiveLoan', request, [part, amount, ...reasonValues(reasons)]);
    return this.#commands.run(command, (loan, today) => {
      const amountMinor = amount === undefined ? undefined : parseAmount(amount, loan.state.currency);
      return decided(loan, { kind: 'loan_accrual', lines: loan.waive(part, amountMinor, reasons, today) });
    });
  }

  /** Charges a fee that is due at once, as Loan.charge does. */
  charge({
    amount,
    reason,
    customerReason,
    ...request
  }: LoanRequest & Reasons & { readonly amount: string }): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    const command = this.#command('chargeLoan', request, [amount, ...reasonValues(reasons)]);
    return this.#commands.run(command, (loan, today) => {
      const lines = loan.charge(parseAmount(amount, loan.state.currency), reasons, today);
      return decided(loan, { kind: 'loan_accrual', lines });
    });
  }

  /** Undoes the last repayment, as if it had never been made. Throws 422 `no_repayment_to_undo`. */
  undoLastRepayment({ reason, customerReason, ...request }: LoanRequest & Reasons): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    const command = this.#command('undoLoanRepayment', request, reasonValues(reasons), true);
    return this.#commands.run(command, (loan, today, tx) => {
      const { status } = loan.state;
      if (status !== 'active' && status !== 'closed') throw loanError('loan_not_in_status', { status });
      return this.#corrections.undo(tx, loan, { number: undefined, ...reasons }, today);
    });
  }

  /**
   * Undoes a disbursement, repayment, reschedule, loss, waiver or charge, as if it had never been: the loan is replayed
   * without it. Throws 404 `not_found`, 409 `already_undone`, 422 `not_undoable`, `disbursement_in_use` and
   * `correction_blocked`.
   */
  undo({
    number,
    reason,
    customerReason,
    ...request
  }: LoanRequest & Reasons & { readonly number: number }): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    const values = [number.toString(), ...reasonValues(reasons)];
    const command = this.#command('undoLoanTransaction', request, values, true);
    return this.#commands.run(command, (loan, today, tx) =>
      this.#corrections.undo(tx, loan, { number, ...reasons }, today),
    );
  }

  /** Takes money recovered after a loss. Throws 422 `recovery_exceeds_loss`. */
  async recover(request: Omit<RepayRequest, 'strategy'>): Promise<LoanAnswer> {
    const { caller, id, amountMinor, currency } = request;
    const labels = cleanLabels(request);
    const details = await this.#commands.find(caller, id);
    const source = request.source ?? { accountId: details.loan.accountId };
    await this.#assertMayPay(caller, source);
    const values = [amountMinor, sourceText(request.source), ...labelValues(labels)];
    const command = { ...this.#command('recoverLoan', request, values), labels };
    const recover = async (loan: Loan, today: IsoDate, tx: Tx): Promise<Decision> => {
      assertCurrency(loan, currency);
      await this.#gate.judgeWithin(tx, caller, 'recoverLoan', { amountMinor, currency });
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

  /** A customer pays only from an account, and only from one they may debit. */
  async #assertMayPay(caller: Caller, source: MoneySource): Promise<void> {
    if (source === 'cash') {
      if (ownCustomerOf(caller) === undefined) return;
      throw commonError('forbidden', { why: 'Cash is taken at the counter: pay from an account.' });
    }
    const { db, bookId } = this.#context;
    await accountFor(db, bookId, { caller, accountId: source.accountId }, 'pay');
  }

  async #assertStillMayPay(tx: Tx, caller: Caller, source: MoneySource): Promise<void> {
    if (source === 'cash') return;
    await assertAccess(tx, this.#context.bookId, [{ caller, accountId: source.accountId }], 'pay');
  }
}

function strategyOf({ product }: Loan): PrepaymentStrategy {
  const { earlyMoney } = product.policy;
  return earlyMoney === 'lower_instalments' ? 'lower_instalment' : earlyMoney;
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
