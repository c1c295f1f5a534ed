import type { AccountView } from '#features/accounts/schemas.ts';
import type { DepositView } from '#features/deposits/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, type Page, type TestApi } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What closing a deposit pays, as the API shows it. */
export type ClosureView = Readonly<Record<string, string>>;
export type EventView = {
  readonly reason: string | null;
  readonly customerReason: string | null;
  readonly kind: string;
  readonly amount: string | null;
  readonly code: string | null;
  readonly transactionId: string | null;
};

export type InstalmentShown = {
  readonly number: number;
  readonly dueOn: string;
  readonly amount: string;
  readonly status: string;
  readonly paidOn: string | null;
  readonly transactionId: string | null;
  readonly code: string | null;
  readonly fee: string | null;
};

export const months = (count: number) => ({ unit: 'month', count });
export const days = (count: number) => ({ unit: 'day', count });

/** A bank whose customers make deposits. */
export class Depositing {
  readonly api: TestApi;

  constructor(api: TestApi) {
    this.api = api;
  }

  /** A product of deposits: a year at 3 %, unless its terms say otherwise. */
  async define(code: string, deposit: Fields = {}, interest?: Fields): Promise<string> {
    const rates = [{ unit: 'month', from: 1, rate: '3' }];
    const terms = { deposit: { rates, maturityDay: 'same', ...deposit } };
    const product = { code, currency: 'EUR', kind: 'term_deposit', name: 'Fixed term', ...terms };
    created(
      await this.api.post('/v1/products', { ...product, ...(interest === undefined ? {} : { interest }) }),
    );
    return code;
  }

  /** A product of recurring deposits: 3.65 %, a cent a day for each 100.00, unless its terms say otherwise. */
  async defineRecurring(
    code: string,
    instalments: Fields = {},
    terms: { readonly deposit?: Fields; readonly interest?: Fields } = {},
  ): Promise<string> {
    const rates = [
      { unit: 'month', from: 1, rate: '3.65' },
      { unit: 'day', from: 1, rate: '3.65' },
    ];
    const deposit = { rates, maturityDay: 'same', instalments, ...terms.deposit };
    const product = { code, currency: 'EUR', kind: 'recurring_deposit', name: 'Saving plan', deposit };
    const { interest } = terms;
    created(
      await this.api.post('/v1/products', { ...product, ...(interest === undefined ? {} : { interest }) }),
    );
    return code;
  }

  /** An account of a new customer with money, and a recurring deposit that collects 100.00 from it each week. */
  async openedRecurring(fields: Fields = {}, balance = '5000.00') {
    const weekly = { product: 'saving_plan', amount: '100.00', term: days(28), frequency: 'weekly' };
    return this.opened({ ...weekly, ...fields }, balance);
  }

  /** The instalments of a deposit, without what is null. */
  async instalments({ id }: Pick<DepositView, 'id'>): Promise<readonly InstalmentShown[]> {
    const path = `/v1/time-deposits/${id}/instalments?limit=100`;
    return created(await this.api.get<Page<InstalmentShown>>(path)).data;
  }

  payInstalment({ id }: Pick<DepositView, 'id'>, from: { readonly id: string }) {
    return this.api.pay<InstalmentShown>(`/v1/time-deposits/${id}/pay-instalment`, {
      fromAccountId: from.id,
    });
  }

  ask(from: AccountView, fields: Fields = {}) {
    const body = {
      customerId: from.customerId,
      product: 'fixed_term',
      amount: '1000.00',
      currency: 'EUR',
      term: months(12),
      fromAccountId: from.id,
      ...fields,
    };
    return this.api.pay<DepositView>('/v1/time-deposits', body);
  }

  /** A deposit from an account. */
  async open(from: AccountView, fields: Fields = {}): Promise<DepositView> {
    return created(await this.ask(from, fields));
  }

  /** An account of a new customer with money, and a deposit of it. */
  async opened(fields: Fields = {}, balance = '5000.00') {
    const from = await this.api.newAccount({ balance });
    return { from, deposit: await this.open(from, fields) };
  }

  get({ id }: Pick<DepositView, 'id'>): Promise<DepositView> {
    return this.api.get<DepositView>(`/v1/time-deposits/${id}`).then(created);
  }

  async balance({ id }: { readonly id: string }): Promise<string> {
    const path = `/v1/accounts/${id}/balance`;
    return created(await this.api.get<{ readonly balance: { readonly posted: string } }>(path)).balance
      .posted;
  }

  balanceOf({ accountId }: Pick<DepositView, 'accountId'>): Promise<string> {
    return this.balance({ id: accountId });
  }

  async events({ id }: Pick<DepositView, 'id'>): Promise<readonly EventView[]> {
    return created(await this.api.get<Page<EventView>>(`/v1/time-deposits/${id}/events`)).data;
  }

  preview({ id }: Pick<DepositView, 'id'>) {
    return this.api.get<ClosureView>(`/v1/time-deposits/${id}/closure`);
  }

  close({ id }: Pick<DepositView, 'id'>, fields: Fields = {}) {
    return this.api.pay<ClosureView>(`/v1/time-deposits/${id}/close`, fields);
  }

  change({ id, version }: DepositView, fields: Fields) {
    return this.api.patch<DepositView>(`/v1/time-deposits/${id}`, fields, `"${version}"`);
  }

  async closeThrough(until: string): Promise<void> {
    await this.api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(until));
  }
}
