import type { AccountView } from '#features/accounts/schemas.ts';
import type { LoanProductView } from '#features/loans/products/schemas.ts';
import type { LoanAnswerView, LoanView } from '#features/loans/schemas.ts';
import { type Answer, created, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Twelve per cent a year, by twelfths: a hundredth each month. */
const CONDITIONS = {
  currency: 'EUR',
  amount: { min: '100.00', max: '100000.00' },
  instalments: { min: 1, max: 360 },
  annualRatePercent: { min: '0', max: '30', default: '12' },
};

/** Loans of a test bank, over its API. */
export class Lending {
  readonly api: TestApi;

  constructor(api: TestApi) {
    this.api = api;
  }

  async newProduct(fields: Fields = {}): Promise<LoanProductView> {
    const body = { name: `Loan ${newKey()}`, ...CONDITIONS, ...fields };
    return created(await this.api.post<LoanProductView>('/v1/loan-products', body));
  }

  applyTo(account: AccountView, productId: string, fields: Fields = {}): Promise<Answer<LoanView>> {
    const { customerId, id: accountId } = account;
    const body = { customerId, accountId, productId, amount: '1200.00', instalments: 12, ...fields };
    return this.api.post<LoanView>('/v1/loans', body);
  }

  /** An application on a product of its own. */
  async newApplication(account: AccountView, fields: Fields = {}, product: Fields = {}): Promise<LoanView> {
    const { id } = await this.newProduct(product);
    return created(await this.applyTo(account, id, fields));
  }

  async newApproved(account: AccountView, fields: Fields = {}, product: Fields = {}): Promise<LoanView> {
    const loan = await this.newApplication(account, fields, product);
    return created(await this.approve(loan));
  }

  /** A loan that was paid out to the account. */
  async newLoan(account: AccountView, fields: Fields = {}, product: Fields = {}): Promise<LoanAnswerView> {
    const loan = await this.newApproved(account, fields, product);
    return created(await this.disburse(loan));
  }

  approve(loan: LoanView, fields: Fields = {}): Promise<Answer<LoanAnswerView>> {
    return this.api.post<LoanAnswerView>(`/v1/loans/${loan.id}/approve`, fields);
  }

  disburse(loan: LoanView, fields: Fields = {}, key = newKey()): Promise<Answer<LoanAnswerView>> {
    return this.api.pay<LoanAnswerView>(`/v1/loans/${loan.id}/disburse`, fields, key);
  }

  repay(
    loan: LoanView,
    amount: string,
    fields: Fields = {},
    key = newKey(),
  ): Promise<Answer<LoanAnswerView>> {
    const body = { amount, currency: loan.currency, ...fields };
    return this.api.pay<LoanAnswerView>(`/v1/loans/${loan.id}/repayments`, body, key);
  }

  recover(
    loan: LoanView,
    amount: string,
    fields: Fields = {},
    key = newKey(),
  ): Promise<Answer<LoanAnswerView>> {
    const body = { amount, currency: loan.currency, ...fields };
    return this.api.pay<LoanAnswerView>(`/v1/loans/${loan.id}/recoveries`, body, key);
  }

  /** An act with a reason: charge-off, write-off, undo-last-repayment. */
  act(loan: LoanView, name: string, key = newKey()): Promise<Answer<LoanAnswerView>> {
    return this.api.pay<LoanAnswerView>(`/v1/loans/${loan.id}/${name}`, { reason: 'asked for' }, key);
  }

  reschedule(loan: LoanView, fields: Fields): Promise<Answer<LoanAnswerView>> {
    return this.api.post<LoanAnswerView>(`/v1/loans/${loan.id}/reschedule`, fields);
  }

  payoff(loan: LoanView, fields: Fields = {}): Promise<Answer<Record<string, string>>> {
    return this.api.post<Record<string, string>>(`/v1/loans/${loan.id}/payoff-quote`, fields);
  }

  async get(loan: LoanView): Promise<LoanView> {
    return created(await this.api.get<LoanView>(`/v1/loans/${loan.id}`));
  }
}
