import type { Context } from '#db/context.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import type { CustomerId, LoanId } from '#lib/ids.ts';
import { parsePercent } from '#lib/money/fraction.ts';
import { parseAmount } from '#lib/money/money.ts';
import type { Reasons } from '#lib/reasons.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  commandOf,
  type Decision,
  type LoanAnswer,
  type LoanCommands,
  type LoanRequest,
  reasonValues,
} from './commands.ts';
import { loanError } from './errors.ts';
import type { Loan } from './loan.ts';
import {
  type CollateralKind,
  type LoanSecurity,
  MAX_COLLATERAL,
  MAX_PARTIES,
  type PartyRole,
} from './security.ts';
import {
  deleteParty,
  findSecurity,
  insertCollateral,
  insertParty,
  listLoansOfParty,
  type PartyOf,
  releaseCollateral,
} from './security-repository.ts';

/**
 * Who stands for a loan beside its borrower, and what secures it. Each change is an event of the loan and one database
 * transaction. Throws 404 `not_found`, and 409 `loan_not_in_status` for a loan that is over.
 */
export class LoanSecurityService {
  readonly #context: Context;
  readonly #commands: LoanCommands;

  constructor(context: Context, commands: LoanCommands) {
    this.#context = context;
    this.#commands = commands;
  }

  async get(caller: Caller, id: LoanId): Promise<LoanSecurity & { readonly loan: LoanAnswer['loan'] }> {
    const { loan } = await this.#commands.find(caller, id);
    return { ...(await findSecurity(this.#context.db, this.#context.bookId, id)), loan };
  }

  /** For which loans of others a customer stands, by loan. */
  ofParty(customerId: CustomerId): Promise<PartyOf[]> {
    return listLoansOfParty(this.#context.db, this.#context.bookId, customerId);
  }

  /** Throws 409 `customer_closed` or `party_exists`, 422 `too_much_security`, 400 for the share. */
  addParty({
    customerId,
    role,
    sharePercent,
    ...request
  }: LoanRequest & {
    readonly customerId: CustomerId;
    readonly role: PartyRole;
    readonly sharePercent?: string;
  }): Promise<LoanAnswer> {
    if (sharePercent !== undefined) checkShare(sharePercent);
    const command = commandOf('addLoanParty', request, [customerId, role, sharePercent]);
    return this.#commands.run(command, async (loan, today, tx) => {
      const { bookId, clock } = this.#context;
      const { id, customerId: borrower } = loan.state;
      const { parties } = await findSecurity(tx, bookId, id);
      if (customerId === borrower || parties.some((party) => party.customerId === customerId)) {
        throw loanError('party_exists');
      }
      if (parties.length >= MAX_PARTIES) throw loanError('too_much_security');
      const customer = await lockCustomer(tx, this.#context, customerId);
      if (customer === undefined) throw notFound();
      customer.assertActive();
      await insertParty(tx, bookId, id, { customerId, role, sharePercent }, clock.nowMs());
      return noted(loan, 'party_added', today);
    });
  }

  removeParty({
    customerId,
    ...request
  }: LoanRequest & { readonly customerId: CustomerId }): Promise<LoanAnswer> {
    const command = commandOf('removeLoanParty', request, [customerId]);
    return this.#commands.run(command, async (loan, today, tx) => {
      if (!(await deleteParty(tx, this.#context.bookId, loan.state.id, customerId))) throw notFound();
      return noted(loan, 'party_removed', today);
    });
  }

  /** Throws 422 `too_much_security`, and 400 for the amount, the description and a valuation in the future. */
  addCollateral({
    kind,
    description,
    value,
    valuedOn,
    ...request
  }: LoanRequest & {
    readonly kind: CollateralKind;
    readonly description: string;
    readonly value: string;
    readonly valuedOn: IsoDate | undefined;
  }): Promise<LoanAnswer> {
    const command = commandOf('addLoanCollateral', request, [kind, description, value, valuedOn]);
    return this.#commands.run(command, async (loan, today, tx) => {
      const { bookId } = this.#context;
      const { id, currency } = loan.state;
      const checked = checkAll({
        description: () => cleanText(description, 'description', 500),
        valueMinor: () => parseAmount(value, currency, 'value'),
        valuedOn: () => valuationDate(valuedOn, today),
      });
      const { collateral } = await findSecurity(tx, bookId, id);
      if (collateral.length >= MAX_COLLATERAL) throw loanError('too_much_security');
      await insertCollateral(tx, bookId, id, {
        number: collateral.length + 1,
        kind,
        ...checked,
        releasedOn: undefined,
      });
      return noted(loan, 'collateral_added', today);
    });
  }

  /** Throws 404 `not_found` for what is not there, and 409 `collateral_released`. */
  releaseCollateral({
    number,
    reason,
    customerReason,
    ...request
  }: LoanRequest & Reasons & { readonly number: number }): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    const values = [number.toString(), ...reasonValues(reasons)];
    const command = commandOf('releaseLoanCollateral', request, values);
    return this.#commands.run(command, async (loan, today, tx) => {
      const { bookId } = this.#context;
      const { collateral } = await findSecurity(tx, bookId, loan.state.id);
      const item = collateral.find((one) => one.number === number);
      if (item === undefined) throw notFound();
      if (item.releasedOn !== undefined) throw loanError('collateral_released', { on: item.releasedOn });
      await releaseCollateral(tx, bookId, loan.state.id, number, today);
      return noted(loan, 'collateral_released', today, reasons);
    });
  }
}

function valuationDate(valuedOn: IsoDate | undefined, today: IsoDate): IsoDate {
  if (valuedOn === undefined || valuedOn <= today) return valuedOn ?? today;
  throw validationFailed({ path: 'valuedOn', message: 'must not be after the business date' });
}

/** Security may be released after the end of a loan. */
function noted(loan: Loan, kind: Parameters<Loan['note']>[0], today: IsoDate, reasons?: Reasons): Decision {
  loan.note(kind, today, reasons);
  return { state: loan.state, events: loan.events, earned: loan.earned };
}

function checkShare(text: string): void {
  const share = parsePercent(text);
  const isShare = share !== undefined && share.numerator > 0n && share.numerator <= share.denominator;
  if (!isShare) throw validationFailed({ path: 'sharePercent', message: 'must be above 0 and at most 100' });
}
