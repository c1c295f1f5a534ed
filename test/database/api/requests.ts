import { PASSWORD } from '#test/database/identity/users/staff.ts';
import { type Answer, person, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { exampleBody, type Fields } from './examples.ts';
import type { IdSlot, Operation } from './operations.ts';
import type { World } from './worlds.ts';

/** What a body's schema does not say of it. Without, the example is taken as it is. */
const REFINED: Readonly<Record<string, (world: World, others: World) => Fields>> = {
  createCustomer: () => person(),
  changeCustomer: () => ({ givenName: 'Augusta' }),
  quoteInterest: () => ({ rate: '1' }),
  transfer: (_, { acc }) => ({ toAccountId: acc, amount: '1.00' }),
  payOutEstate: () => ({ mode: 'cash', amount: '1.00' }),
  postBatch: ({ acc }) => {
    const item = { type: 'deposit', accountId: acc, mode: 'cash', amount: '1.00', currency: 'EUR' };
    return { items: [item] };
  },
  addHolder: (_, { cus }) => ({ customerId: cus, role: 'joint' }),
  inviteHolder: (_, { cus }) => ({ customerId: cus, role: 'joint' }),
  removeHolder: ({ cus }) => ({ customerId: cus }),
  submitOutgoingPayments: () => ({ message: newKey() }),
  settleOutgoingPayments: ({ txn }) => ({ ids: [txn] }),
  returnOutgoingPayments: ({ txn }) => ({ items: [{ id: txn, reason: 'AC04' }] }),
  receivePayment: () => ({ externalReference: newKey(), iban: 'DE89370400440532013000', amount: '1.00' }),
  createBeneficiary: () => ({ iban: 'DE89370400440532013000' }),
  createStandingOrder: (_, { acc }) => ({
    toAccountId: acc,
    amount: '1.00',
    frequency: 'monthly',
  }),
  applyForLoan: () => ({ amount: '1000.00', instalments: 12 }),
  repayLoan: () => ({ amount: '10.00' }),
  // Of a currency in which nothing else is done: it is the limit of those who ask after it.
  setRoleLimits: () => ({ currency: 'CHF' }),
  rescheduleLoan: () => ({ instalments: 6 }),
  createUser: ({ cus }) => ({
    role: 'customer',
    customerId: cus,
    email: `${newKey()}@florin.example`,
    password: PASSWORD,
  }),
};

/** Fields of which a body has one: whom it pays, or what it settles. */
const PAYEES = ['toAccountId', 'toIban', 'beneficiaryId', 'iban', 'accountId', 'ids', 'submissionId', 'mode'];
const ONE_PAYEE = [
  'transfer',
  'createBeneficiary',
  'createStandingOrder',
  'settleOutgoingPayments',
  'payOutEstate',
];

/** A body without the other payees, where one is put to the test. */
function withOnePayee(operationId: string, tested: string, fields: Fields): Fields {
  if (!ONE_PAYEE.includes(operationId) || !PAYEES.includes(tested)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !PAYEES.includes(name)));
}

/** The ids of a request: of each kind from a world, but one slot as it is told. */
export type Ids = {
  readonly own: World;
  /** Whom the caller may name without having anything to do with them: a payee. */
  readonly others: World;
  readonly slot?: IdSlot;
  readonly id?: string | undefined;
  /** What is in its path and is no id, by name. */
  readonly named?: Readonly<Record<string, string>>;
  /** What its body has besides. */
  readonly extra?: Fields;
};

/** Asks for an operation with everything right but, perhaps, one id. */
export function request(caller: TestApi, operation: Operation, ids: Ids): Promise<Answer> {
  const { id: operationId, method, body, slots } = operation;
  let path = operation.path.replaceAll(/\{(\w+)\}/g, (slot, name: string) => ids.named?.[name] ?? slot);
  let fields =
    body === undefined ? undefined : exampleBody(body, REFINED[operationId]?.(ids.own, ids.others));
  for (const slot of slots) {
    const { in: place, name, kind } = slot;
    const isTested = slot === ids.slot;
    const id = (isTested ? ids.id : undefined) ?? ids.own[kind];
    if (place === 'path') path = path.replace(`{${name}}`, id ?? 'nothing');
    else if (place === 'query' && isTested) path += `?${name}=${id}`;
    else if (place === 'body' && fields !== undefined) {
      const isRefined = REFINED[operationId]?.(ids.own, ids.others)[name] !== undefined;
      if (isTested) fields = { ...withOnePayee(operationId, name, fields), [name]: id };
      else if (name in fields && !isRefined) fields = { ...fields, [name]: id };
    }
  }
  if (method === 'GET') return caller.get(path);
  const headers = { 'idempotency-key': newKey(), 'if-match': '*' };
  const isNamedInQuery = ids.slot?.in === 'query';
  const text = fields === undefined || isNamedInQuery ? '' : JSON.stringify({ ...fields, ...ids.extra });
  return caller.raw(method, path, text, headers);
}

/** An answer without what differs from request to request. */
export const textOf = ({ text }: Answer): string => text.replace(/req_[0-9a-f]+/, '');
