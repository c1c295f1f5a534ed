import type { Services } from '#bank/services.ts';
import { selectBusinessDate } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { requireIban } from '#lib/iban.ts';
import {
  type AccountId,
  type CustomerId,
  parseTypeId,
  toDepositId,
  toJournalEntryId,
  toTypeId,
} from '#lib/ids.ts';
import { login, newUser, sessionOf } from '#test/database/identity/users/staff.ts';
import { EUR, factories, newKey, TEST_CALLER } from '#test/support/bank.ts';

/** One resource of each kind that belong together, by kind: the TypeID of a customer under `cus`. */
export type World = Readonly<Record<string, string>>;

/** Of this bank and of no account: what comes for it waits in suspense. */
const NOBODYS_IBAN = requireIban('DE28100100109999999999', 'iban');
const FOREIGN_IBAN = requireIban('DE89370400440532013000', 'iban');
const MONEY = { amountMinor: 100n, currency: EUR };
const ABSENT_SUFFIX = '01h455vb4pex5vsknk084sn02q';

/** Well-formed ids of nothing. */
export const ABSENT: World = new Proxy({}, { get: (_, kind) => `${String(kind)}_${ABSENT_SUFFIX}` });

/** For whom a world is made, a new customer unless given, and of which kinds it needs a resource: of all unless given. */
type Wanted = { readonly customerId?: CustomerId | undefined; readonly kinds?: readonly string[] };

/**
 * Makes one resource of each kind that is wanted for a customer, with money in the account. A kind that the API gets is
 * added here: the matrix asks for every kind that stands in an operation.
 */
export async function makeWorld(
  services: Services,
  { customerId: given, kinds }: Wanted = {},
): Promise<World> {
  const wants = (kind: string): boolean => kinds === undefined || kinds.includes(kind);
  const bank = factories(services);
  const customerId = given ?? (await bank.newCustomer());
  const accountId = await bank.newAccount({ customerId });
  await services.transactions.deposit({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId,
    amountMinor: 100_000_000n,
    currency: EUR,
    mode: 'cash',
  });
  return {
    cus: toTypeId('customer', customerId),
    acc: toTypeId('account', accountId),
    ...(wants('txn') ? await makeTransaction(services, accountId) : {}),
    ...(wants('je') ? await makeJournalEntry(services) : {}),
    ...(wants('bat') ? await makeBatch(services, accountId) : {}),
    ...(wants('sub') ? await makeSubmission(services, accountId) : {}),
    ...(wants('loan') || wants('lnp') ? await makeLoan(services, customerId, accountId) : {}),
    ...(wants('dep') ? await makeDeposit(services, customerId, accountId) : {}),
    ...(wants('inp') ? await makeIncomingPayment(services) : {}),
    ...(wants('inv') ? await makeInvitation(services, customerId) : {}),
    ...(wants('hold') ? await makeHold(services, customerId, accountId) : {}),
    ...(wants('fee') ? await makeFee(services, customerId) : {}),
    ...(wants('att') ? await makeAttachment(services, accountId) : {}),
    ...(wants('cst') ? await makeSettlement(services, accountId) : {}),
    ...(wants('ben') || wants('so') ? await makePayee(services, customerId, accountId) : {}),
    ...(wants('usr') || wants('ses') || wants('key') ? await makeUsers(services) : {}),
  };
}

/** Capital that is paid in, in cash. */
async function makeJournalEntry({ journal }: Services): Promise<World> {
  const lines = [
    { glCode: CHART.cash, side: 'debit', ...MONEY },
    { glCode: CHART.shareCapital, side: 'credit', ...MONEY },
  ] as const;
  const { entry } = await journal.create({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    entry: { reason: 'Capital paid in', attachments: [], lines },
  });
  return { je: toTypeId('journalEntry', toJournalEntryId(entry.id)) };
}

/** One that may be settled and returned too. */
async function makeTransaction({ transactions }: Services, accountId: AccountId): Promise<World> {
  const { transaction } = await transactions.transfer({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    fromAccountId: accountId,
    to: { iban: FOREIGN_IBAN, name: 'Grace Hopper' },
    ...MONEY,
  });
  return { txn: toTypeId('transaction', transaction.state.id) };
}

async function makeBatch({ batches }: Services, accountId: AccountId): Promise<World> {
  const item = { kind: 'deposit', accountId, mode: 'cash', ...MONEY } as const;
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), mode: 'atomic', items: [item] } as const;
  return { bat: toTypeId('batch', (await batches.post(request)).id) };
}

/** One payment that is claimed. */
async function makeSubmission(services: Services, accountId: AccountId): Promise<World> {
  const { txn } = await makeTransaction(services, accountId);
  const { submission } = await services.submissions.submit({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    message: newKey(),
    ids: [parseTypeId('transaction', txn ?? '')!],
  });
  return { sub: toTypeId('submission', submission.id) };
}

/** A recurring one that may be closed early. */
async function makeDeposit(services: Services, customerId: CustomerId, accountId: AccountId): Promise<World> {
  const code = 'worlds_deposits';
  const [made] = (await services.products.list()).filter(({ state }) => state.code === code);
  if (made === undefined) {
    const deposit = { rates: [{ unit: 'month', from: 1, rate: '2' }], earlyClosure: {} };
    const product = {
      code,
      currency: EUR,
      kind: 'recurring_deposit',
      name: 'Saving plan',
      accounting: {},
    } as const;
    await services.products.create(TEST_CALLER, { ...product, terms: { deposit } });
  }
  const { id } = await services.deposits.open(TEST_CALLER, {
    customerId,
    product: code,
    ...MONEY,
    term: { unit: 'month', count: 12 },
    frequency: 'monthly',
    fromAccountId: accountId,
    instruction: { onMaturity: 'pay_out', payoutAccountId: accountId },
  });
  return { dep: toTypeId('deposit', toDepositId(id)) };
}

/** One that waits in suspense. */
async function makeIncomingPayment({ incomingPayments }: Services): Promise<World> {
  const incoming = { externalReference: newKey(), iban: NOBODYS_IBAN, ...MONEY };
  const { payment } = await incomingPayments.receive({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    ...incoming,
  });
  return { inp: toTypeId('incomingPayment', payment.state.id) };
}

/** A holder's own: what the bank set aside is the bank's alone to end. */
async function makeHold(services: Services, customerId: CustomerId, accountId: AccountId): Promise<World> {
  const caller = { actor: 'holder', role: 'customer', customerId } as const;
  const { hold } = await services.holds.place({ caller, idempotencyKey: newKey(), accountId, ...MONEY });
  return { hold: toTypeId('hold', hold.state.id) };
}

/** That keeps a little. */
/** Of a withdrawal from an account of a product with a fee. The account is another one. */
async function makeFee(services: Services, customerId: CustomerId): Promise<World> {
  const { accounts, products, transactions, charges } = services;
  const code = `fees_${newKey().slice(0, 8)}`;
  const fees = [{ code: 'cash', name: 'Cash', event: 'withdrawal', amount: '0.10', whenShort: 'queue' }];
  const product = {
    code,
    currency: EUR,
    kind: 'current',
    name: 'With fees',
    accounting: {},
    terms: { fees },
  };
  await products.create(TEST_CALLER, product as Parameters<typeof products.create>[1]);
  const opened = { customerId, product: code, currency: EUR, overdraftLimitMinor: 0n };
  const { id: accountId } = await accounts.open(TEST_CALLER, opened);
  const cash = { caller: TEST_CALLER, accountId, ...MONEY, mode: 'cash' } as const;
  await transactions.deposit({ ...cash, idempotencyKey: newKey() });
  await transactions.withdraw({ ...cash, idempotencyKey: newKey() });
  const [fee] = await charges.list(TEST_CALLER, accountId, { limit: 1 });
  return { acc: toTypeId('account', accountId), fee: toTypeId('fee', fee!.id) };
}

async function makeAttachment({ attachments }: Services, accountId: AccountId): Promise<World> {
  const order = { protectedMinor: 0n, reasonCode: 'tax', legalReference: '12 M 384/26' } as const;
  const { state } = await attachments.place({ caller: TEST_CALLER, accountId, ...MONEY, ...order });
  return { att: toTypeId('attachment', state.id) };
}

/** Of one capture. */
async function makeSettlement({ holds, captureSettlements }: Services, accountId: AccountId): Promise<World> {
  const keyed = () => ({ caller: TEST_CALLER, idempotencyKey: newKey() });
  const { hold } = await holds.place({ ...keyed(), accountId, ...MONEY });
  await holds.capture({ ...keyed(), holdId: hold.state.id, isFinal: true });
  const { settlement } = await captureSettlements.settle({ ...keyed(), currency: EUR });
  return { cst: toTypeId('captureSettlement', settlement.id) };
}

/** To hold somebody else's account. */
async function makeInvitation(services: Services, customerId: CustomerId): Promise<World> {
  const accountId = await factories(services).newAccount();
  const asked = { customerId, role: 'joint' } as const;
  const { id } = await services.invitations.invite(TEST_CALLER, accountId, asked);
  return { inv: toTypeId('invitation', id) };
}

/** A payee, and a payment to it that is made again and again. */
async function makePayee(services: Services, customerId: CustomerId, accountId: AccountId): Promise<World> {
  const { beneficiaries, context, standingOrders } = services;
  const payee = { accountId: await factories(services).newAccount() };
  const beneficiary = await beneficiaries.add(TEST_CALLER, customerId, { name: 'A payee', payee });
  const startOn = await selectBusinessDate(context.db, context.bookId);
  const order = {
    accountId,
    payee,
    ...MONEY,
    every: { count: 1, unit: 'month' },
    startOn,
    endOn: undefined,
  } as const;
  return {
    ben: toTypeId('beneficiary', beneficiary.id),
    so: toTypeId('standingOrder', (await standingOrders.create(TEST_CALLER, order)).id),
  };
}

/** One that is paid out. */
async function makeLoan(services: Services, customerId: CustomerId, accountId: AccountId): Promise<World> {
  const { loans, loanPayments } = services;
  const lnp = await makeLoanProduct(services);
  const { loan } = await loans.apply(TEST_CALLER, {
    customerId,
    accountId,
    productId: parseTypeId('loanProduct', lnp)!,
    amount: '1000.00',
    currency: EUR,
    requestedTerms: { instalments: 12 },
    directDebit: true,
  });
  const { id } = loan;
  await loans.approve({ caller: TEST_CALLER, id });
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), id };
  await loanPayments.disburse({ ...request, feesFrom: 'account' });
  return { lnp, loan: toTypeId('loan', id) };
}

async function makeLoanProduct({ loanProducts }: Services): Promise<string> {
  const conditions = {
    amount: { min: '100', max: '5000' },
    instalments: { min: 1, max: 60 },
    annualRatePercent: { min: '5', max: '15', default: '10' },
  };
  const product = { name: `Loan ${newKey()}`, currency: EUR, conditions };
  return toTypeId('loanProduct', (await loanProducts.create(TEST_CALLER, product)).state.id);
}

async function makeUsers(services: Services): Promise<World> {
  const user = await newUser(services);
  const { key } = await services.apiKeys.create(TEST_CALLER, { name: 'Test', scopes: ['accounts:read'] });
  return {
    usr: toTypeId('user', user.id),
    ses: toTypeId('session', sessionOf(await login(services, user)).sessionId),
    key: toTypeId('apiKey', key.state.id),
  };
}

/** The world with a second session of a user's own in it. */
export async function withSessionOf(services: Services, userTypeId: string, world: World): Promise<World> {
  const user = await services.users.get(parseTypeId('user', userTypeId)!);
  return { ...world, ses: toTypeId('session', sessionOf(await login(services, user)).sessionId) };
}
