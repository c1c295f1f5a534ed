import type { FastifyRequest } from 'fastify';
import { rolesThatOwn } from '#features/accounts/contract.ts';
import { type JudgeBounds, outOfBounds } from '#http/key-bounds.ts';
import type { Caller, KeyBounds } from '#lib/caller.ts';
import { isRefusal, notFound } from '#lib/errors.ts';
import { type AccountId, type CustomerId, fromDepositId, parseTypeId } from '#lib/ids.ts';
import { isObject } from '#lib/json-object.ts';
import type { Services } from './services.ts';

type Kind = 'account' | 'customer' | 'deposit' | 'hold' | 'loan' | 'standingOrder' | 'transaction';
/** Where an operation names the account or customer that it is about: `account@body.fromAccountId`. */
type Slot = `${Kind | 'otherSide' | 'eitherSide'}@${'body' | 'params' | 'query'}.${string}`;

const ofAccount: readonly Slot[] = ['account@params.id'];
const ofCustomer: readonly Slot[] = ['customer@params.id'];
const ofDeposit: readonly Slot[] = ['deposit@params.id'];
const ofHold: readonly Slot[] = ['hold@params.id'];
const ofLoan: readonly Slot[] = ['loan@params.id'];
const ofOrder: readonly Slot[] = ['standingOrder@params.id'];
const ofTransaction: readonly Slot[] = ['transaction@params.id'];
/** The service judges it: it shows the other side as a customer sees it. */
const ofEitherSide: readonly Slot[] = ['eitherSide@params.id'];
const listed: readonly Slot[] = ['account@query.accountId'];

/**
 * What a key that is bound to accounts or customers may call, and where the call says whom it is about. `anybody` is
 * about none of them. What is missing here is out of such a key's reach. Whom money goes to is not asked: the payer is. A
 * reversal takes it from the other side of the transaction, if that is an account here: the key needs both.
 */
// biome-ignore format: it is a table
const REACH: Readonly<Record<string, 'anybody' | readonly Slot[]>> = {
  getBank: 'anybody', listCurrencies: 'anybody', listProducts: 'anybody', listProductVersions: 'anybody',
  listReferenceRates: 'anybody', listReferenceRateValues: 'anybody', getBusinessDate: 'anybody',
  listHolidays: 'anybody', listLoanProducts: 'anybody', getLoanProduct: 'anybody', quoteLoan: 'anybody',
  quoteInterest: 'anybody', quoteTimeDeposit: 'anybody',
  listExchangeRates: 'anybody', listExchangeRateValues: 'anybody',

  getCustomer: ofCustomer, changeCustomer: ofCustomer,
  getTaxExemptions: ofCustomer, setTaxExemptions: ofCustomer,
  listBeneficiaries: ofCustomer, getBeneficiary: ofCustomer, createBeneficiary: ofCustomer,
  changeBeneficiary: ofCustomer, deleteBeneficiary: ofCustomer,

  listAccounts: ['customer@query.customerId'], openAccount: ['customer@body.customerId'],
  getAccount: ofAccount, getBalance: ofAccount, explainBalance: ofAccount, listAccountTransactions: ofAccount, getAccountLimits: ofAccount,
  getAccountStatement: ofAccount, listAccountStatements: ofAccount, getNumberedStatement: ofAccount,
  makeAccountStatement: ofAccount, getInterestCertificate: ofAccount, getBalanceConfirmation: ofAccount,
  getAccountInterest: ofAccount, postAccountInterest: ofAccount,
  listAccountFees: ofAccount, getAccountFee: ofAccount, previewAccountFees: ofAccount,
  waiveAccountFee: ofAccount, refundAccountFee: ofAccount,
  changeAccount: ofAccount, freezeAccount: ofAccount, unfreezeAccount: ofAccount, closeAccount: ofAccount,
  reactivateAccount: ofAccount, giveClosingNotice: ofAccount,

  deposit: ['account@body.accountId'], withdraw: ['account@body.accountId'], transfer: ['account@body.fromAccountId'],
  quoteConversion: ['account@body.fromAccountId'], convertCurrency: ['account@body.fromAccountId'], getConversion: ofTransaction,
  postBatch: ['account@body.items.accountId', 'account@body.items.fromAccountId'],
  listTransactions: listed, getTransaction: ofEitherSide, reverseTransaction: [...ofTransaction, 'otherSide@params.id'],

  listHolds: listed, placeHold: ['account@body.accountId'],
  getHold: ofHold, changeHold: ofHold, captureHold: ofHold, releaseHold: ofHold,

  listStandingOrders: listed, createStandingOrder: ['account@body.fromAccountId'],
  getStandingOrder: ofOrder, listExecutions: ofOrder, changeStandingOrder: ofOrder, cancelStandingOrder: ofOrder,

  listOutgoingPayments: listed, getOutgoingPayment: ofTransaction, cancelOutgoingPayment: ofTransaction,

  listTimeDeposits: ['customer@query.customerId', ...listed],
  openTimeDeposit: ['customer@body.customerId', 'account@body.fromAccountId', 'account@body.payoutAccountId'],
  getTimeDeposit: ofDeposit, listTimeDepositEvents: ofDeposit, getTimeDepositClosure: ofDeposit,
  closeTimeDeposit: ofDeposit, listTimeDepositInstalments: ofDeposit,
  payTimeDepositInstalment: [...ofDeposit, 'account@body.fromAccountId'],
  changeTimeDeposit: [...ofDeposit, 'account@body.payoutAccountId', 'account@body.collectFromAccountId'],

  listLoans: ['customer@query.customerId', ...listed],
  applyForLoan: ['customer@body.customerId', 'account@body.accountId'],
  getLoan: ofLoan, getLoanSchedule: ofLoan, listLoanTransactions: ofLoan, getLoanStatement: ofLoan,
  quoteLoanPayoff: ofLoan, withdrawLoan: ofLoan, repayLoan: [...ofLoan, 'account@body.accountId'],
};

type Owner = { readonly account?: AccountId; readonly customer?: CustomerId };

/** Judges what a bound key asks for: everything that the request names must be its own, and something must be named. */
export function judgeKeyBounds(services: Services): JudgeBounds {
  return async (request) => {
    const reach = REACH[request.routeOptions.schema?.operationId ?? ''];
    if (reach === 'anybody') return;
    const named = (reach ?? []).map((slot) => [slot, textsAt(request, slot)] as const);
    if (named.every(([, texts]) => texts.length === 0)) throw outOfBounds();
    for (const [slot, texts] of named) {
      for (const text of new Set(texts)) {
        if (await isWithin(services, request, slot, text)) continue;
        // An id in the path: the same answer as for that of nothing.
        throw slot.includes('@params.') && !slot.startsWith('otherSide') ? notFound() : outOfBounds();
      }
    }
  };
}

function textsAt({ body, params, query }: FastifyRequest, slot: Slot): string[] {
  const [part = '', ...names] = slot.slice(slot.indexOf('@') + 1).split('.');
  const parts: Readonly<Record<string, unknown>> = { body, params, query };
  let values: unknown[] = [parts[part]];
  for (const name of names) values = values.flatMap((one) => (isObject(one) ? [one[name]].flat() : []));
  return values.filter((one) => typeof one === 'string');
}

/** Of the account of another, on which a customer is authorised, a key of the customer reads alone. */
async function isWithin(
  services: Services,
  { caller, method }: FastifyRequest,
  slot: Slot,
  text: string,
): Promise<boolean> {
  const { bounds = {} } = caller;
  try {
    if (slot.startsWith('eitherSide')) {
      await services.transactions.get(caller, idOf('transaction', text));
      return true;
    }
    const owner = await ownerOf(services, caller, slot, text);
    if (isNamed(bounds, owner)) return true;
    if (owner.account === undefined || bounds.customers === undefined) return false;
    const { holders } = await services.accounts.get(caller, owner.account);
    const reads = method === 'GET' || method === 'HEAD';
    return holders.some(
      ({ customerId, role }) =>
        bounds.customers?.includes(customerId) && (reads || rolesThatOwn().includes(role)),
    );
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isNamed({ accounts = [], customers = [] }: KeyBounds, { account, customer }: Owner): boolean {
  return (
    (account !== undefined && accounts.includes(account)) ||
    (customer !== undefined && customers.includes(customer))
  );
}

/** Whose a thing is. Throws 404 `not_found`. */
async function ownerOf(services: Services, caller: Caller, slot: Slot, text: string): Promise<Owner> {
  const kind = slot.slice(0, slot.indexOf('@'));
  switch (kind) {
    case 'account':
      return { account: idOf('account', text) };
    case 'customer':
      return { customer: idOf('customer', text) };
    case 'deposit':
      return { account: fromDepositId(idOf('deposit', text)) };
    case 'hold':
      return { account: (await services.holds.get(caller, idOf('hold', text))).state.accountId };
    case 'standingOrder':
      return { account: (await services.standingOrders.get(caller, idOf('standingOrder', text))).accountId };
    case 'loan': {
      const { loan } = await services.loans.get(caller, idOf('loan', text));
      return { account: loan.accountId, customer: loan.customerId };
    }
    default: {
      const { state } = await services.transactions.get(caller, idOf('transaction', text));
      const { accountId, counterpartyAccountId = accountId } = state;
      return { account: kind === 'otherSide' ? counterpartyAccountId : accountId };
    }
  }
}

function idOf<Name extends Kind>(name: Name, text: string) {
  const id = parseTypeId(name, text);
  if (id === undefined) throw notFound();
  return id;
}
