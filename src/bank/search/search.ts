import type { StoredAccount } from '#features/accounts/contract.ts';
import { findCustomerNames } from '#features/customers/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { isRefusal } from '#lib/errors.ts';
import { parseTypeId } from '#lib/ids.ts';
import { currencyDecimals } from '#lib/money/currencies.ts';
import { amountFault, parseAmountOrZero } from '#lib/money/money.ts';
import { mayAlso } from '../access.ts';
import type { Services } from '../services.ts';
import {
  accountHit,
  customerHit,
  holdHit,
  incomingHit,
  loanHit,
  orderHit,
  transactionHit,
  userHit,
} from './hits.ts';
import type { Question } from './read-question.ts';
import type { Hit, HitType, Match } from './schemas.ts';

/** Of each kind: what fits under the box. Whoever wants more asks the list. */
const LIMIT = 8;

type Search = { readonly services: Services; readonly caller: Caller; readonly question: Question };
/** One way to look: what it finds, the call that a caller must be allowed to make to see that, and where to look. */
type Finder = {
  readonly type: HitType;
  readonly needs: string;
  readonly find: (search: Search) => Promise<readonly Hit[]>;
};

/** The best first: what is found exactly, then customers by their names, then amounts. */
const FINDERS: readonly Finder[] = [
  byId('customer', 'getCustomer', async ({ services, caller, question }) => {
    const id = parseTypeId('customer', question.text);
    return id === undefined ? undefined : customerHit(await services.customers.get(caller, id), 'id');
  }),
  byId('account', 'getAccount', async (search) => {
    const id = parseTypeId('account', search.question.text);
    if (id === undefined) return undefined;
    const account = await search.services.accounts.get(search.caller, id);
    return (await asHits(search, [account], 'id'))[0];
  }),
  byId('transaction', 'getTransaction', async ({ services, caller, question }) => {
    const id = parseTypeId('transaction', question.text);
    return id === undefined ? undefined : transactionHit(await services.transactions.get(caller, id), 'id');
  }),
  byId('loan', 'getLoan', async ({ services, caller, question }) => {
    const id = parseTypeId('loan', question.text);
    return id === undefined ? undefined : loanHit(await services.loans.get(caller, id), 'id');
  }),
  byId('hold', 'getHold', async ({ services, caller, question }) => {
    const id = parseTypeId('hold', question.text);
    return id === undefined ? undefined : holdHit(await services.holds.get(caller, id), 'id');
  }),
  byId('standing_order', 'getStandingOrder', async ({ services, caller, question }) => {
    const id = parseTypeId('standingOrder', question.text);
    return id === undefined ? undefined : orderHit(await services.standingOrders.get(caller, id), 'id');
  }),
  byId('incoming_payment', 'getIncomingPayment', async ({ services, question }) => {
    const id = parseTypeId('incomingPayment', question.text);
    return id === undefined ? undefined : incomingHit(await services.incomingPayments.get(id), 'id');
  }),
  byId('user', 'getUser', async ({ services, question }) => {
    const id = parseTypeId('user', question.text);
    return id === undefined ? undefined : userHit(await services.users.get(id), 'id');
  }),
  finder('account', 'listAccounts', async (search) => {
    const { iban, number } = search.question;
    const { accounts } = search.services;
    if (iban !== undefined)
      return asHits(search, await accounts.list(search.caller, { iban, limit: LIMIT }), 'iban');
    if (number === undefined) return [];
    return asHits(search, await accounts.list(search.caller, { number, limit: LIMIT }), 'number');
  }),
  finder('account', 'listAccounts', async (search) => {
    const filter = { externalId: search.question.text, limit: LIMIT };
    return asHits(search, await search.services.accounts.list(search.caller, filter), 'external_id');
  }),
  finder('transaction', 'listTransactions', async ({ services, caller, question }) => {
    const found = await services.transactions.list(caller, { externalId: question.text, limit: LIMIT });
    return found.map((one) => transactionHit(one, 'external_id'));
  }),
  finder('loan', 'listLoans', async ({ services, caller, question }) => {
    const found = await services.loans.list(caller, { externalId: question.text, limit: LIMIT });
    return found.map((one) => loanHit(one, 'external_id'));
  }),
  finder('hold', 'listHolds', async ({ services, caller, question }) => {
    const found = await services.holds.list(caller, { externalId: question.text, limit: LIMIT });
    return found.map((one) => holdHit(one, 'external_id'));
  }),
  finder('standing_order', 'listStandingOrders', async ({ services, caller, question }) => {
    const found = await services.standingOrders.list(caller, { externalId: question.text, limit: LIMIT });
    return found.map((one) => orderHit(one, 'external_id'));
  }),
  finder('incoming_payment', 'listIncomingPayments', async ({ services, question }) => {
    const found = await services.incomingPayments.list({ externalReference: question.text, limit: LIMIT });
    return found.map((one) => incomingHit(one, 'reference'));
  }),
  finder('transaction', 'listTransactions', async ({ services, caller, question }) => {
    const found = await services.transactions.list(caller, { reference: question.text, limit: LIMIT });
    return found.map((one) => transactionHit(one, 'reference'));
  }),
  finder('customer', 'listCustomers', async ({ services, caller, question }) => {
    const found = await services.customers.list(caller, { search: question.text, limit: LIMIT });
    return found.map((one) => customerHit(one, 'words'));
  }),
  finder('transaction', 'listTransactions', async ({ services, caller, question }) => {
    const meant = await amountsMeant(services, question);
    if (meant.size === 0) return [];
    const recentAmounts = [...new Set([...meant.values()].flat())];
    const found = await services.transactions.list(caller, { recentAmounts, limit: LIMIT });
    // The same minor units are another amount in a currency with other decimals.
    return found
      .filter(({ state }) => meant.get(currencyDecimals(state.currency))?.includes(state.amountMinor))
      .map((one) => transactionHit(one, 'amount'));
  }),
];

/**
 * The first hits of each kind that the caller may see, each once. All ways are gone at once; none reads more than an
 * index says. Types: only these, if given.
 */
export async function search(asked: Search, types: ReadonlySet<HitType> | undefined): Promise<Hit[]> {
  const finders = FINDERS.filter(
    ({ type, needs }) => (types?.has(type) ?? true) && mayAlso(asked.caller, needs),
  );
  const found = await Promise.all(finders.map(({ find }) => find(asked)));
  const hits = new Map<string, Hit>();
  for (const hit of found.flat()) if (!hits.has(hit.id)) hits.set(hit.id, hit);
  return [...hits.values()];
}

function finder(type: HitType, needs: string, find: Finder['find']): Finder {
  return { type, needs, find };
}

/** By an id, which is nobody's or not the caller's: then nothing is found. */
function byId(type: HitType, needs: string, get: (search: Search) => Promise<Hit | undefined>): Finder {
  return finder(type, needs, async (asked) => {
    try {
      const hit = await get(asked);
      return hit === undefined ? [] : [hit];
    } catch (error) {
      if (isRefusal(error)) return [];
      throw error;
    }
  });
}

/** Accounts with the names of their owners, which only those who may read customers see. */
async function asHits(
  { services: { context }, caller }: Search,
  accounts: readonly StoredAccount[],
  match: Match,
): Promise<Hit[]> {
  const owners = mayAlso(caller, 'listCustomers') ? accounts.map(({ customerId }) => customerId) : [];
  const names = await findCustomerNames(context.db, context.bookId, owners);
  return accounts.map((account) => accountHit(account, names.get(account.customerId), match));
}

/** Minor units that the question may mean, by the decimals of the bank's currencies. */
async function amountsMeant(
  { bank }: Services,
  { amounts }: Question,
): Promise<ReadonlyMap<number, readonly bigint[]>> {
  if (amounts.length === 0) return new Map();
  const kept = (await bank.listCurrencies()).filter(({ isEnabled }) => isEnabled);
  const ofEachKind = new Map(kept.map((one) => [one.decimals, one.currency]));
  return new Map(
    [...ofEachKind].map(([decimals, currency]) => [
      decimals,
      amounts
        .filter((text) => amountFault(text, currency) === undefined)
        .map((text) => parseAmountOrZero(text, currency)),
    ]),
  );
}
