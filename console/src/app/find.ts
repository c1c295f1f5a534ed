import { session } from '../api/session.ts';
import type { Account, Customer, Page } from '../api/types.ts';
import { nameOf } from '../show/customers.ts';
import { isIbanRight, looksLikeIban } from '../show/iban.ts';
import { inGroups } from '../show/show.tsx';

export type Hit = {
  readonly id: string;
  readonly to: '/customers/$id' | '/accounts/$id';
  readonly title: string;
  readonly detail: string;
};

export type Found = { readonly hits: readonly Hit[]; readonly isIbanWrong: boolean };

const MOST_HITS = 8;

/** What a person at the desk may mean by a text: an id, an IBAN, an account number, or a part of a name. */
export async function find(typed: string, signal: AbortSignal): Promise<Found> {
  const bare = typed.replaceAll(/\s/g, '').toUpperCase();
  if (looksLikeIban(bare)) {
    if (!isIbanRight(bare)) return { hits: [], isIbanWrong: true };
    return { hits: await accounts({ iban: bare }, signal), isIbanWrong: false };
  }
  if (/^acc_\w+$/.test(typed)) {
    const account = await session.call<Account>({ method: 'GET', path: `/v1/accounts/${typed}`, signal });
    return { hits: [accountHit(account)], isIbanWrong: false };
  }
  if (/^cus_\w+$/.test(typed)) {
    const customer = await session.call<Customer>({ method: 'GET', path: `/v1/customers/${typed}`, signal });
    return { hits: [customerHit(customer)], isIbanWrong: false };
  }
  const [byNumber, byName] = await Promise.all([
    /^\d{4,}$/.test(bare) ? accounts({ number: bare }, signal) : [],
    customers(typed, signal),
  ]);
  return { hits: [...byNumber, ...byName].slice(0, MOST_HITS), isIbanWrong: false };
}

async function accounts(query: Record<string, string>, signal: AbortSignal): Promise<Hit[]> {
  const page = await session.call<Page<Account>>({ method: 'GET', path: '/v1/accounts', query, signal });
  return page.data.map(accountHit);
}

async function customers(q: string, signal: AbortSignal): Promise<Hit[]> {
  const query = { q, limit: MOST_HITS };
  const page = await session.call<Page<Customer>>({ method: 'GET', path: '/v1/customers', query, signal });
  return page.data.map(customerHit);
}

function accountHit({ id, iban, number, currency, product }: Account): Hit {
  const title = iban === null ? number : inGroups(iban);
  return { id, to: '/accounts/$id', title, detail: `${product} · ${currency}` };
}

function customerHit(customer: Customer): Hit {
  const detail = [customer.address?.city, customer.email].filter((part) => part != null).join(' · ');
  return { id: customer.id, to: '/customers/$id', title: nameOf(customer), detail };
}
