import { InvalidArgumentError } from 'commander';
import { parseAccountReference, parseAmountText } from '../values.ts';
import type { Accounts } from './accounts.ts';
import { type Ask, fieldsOf } from './ask.ts';
import { type Fields, isFields } from './body.ts';

/** Names that the rule of names.ts would not give, by operationId. */
export const NAMES: Readonly<Record<string, string>> = {
  getKeySet: 'keys list',
  listGlAccountLines: 'gl-accounts lines',
  reverseJournalEntry: 'journal-entries reverse',
};

/** Fields of bodies that are arguments and not options. */
export const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { setBusinessDate: ['businessDate'] };

/** Passwords that are chosen, and so asked for twice. */
export const NEW_PASSWORDS: Readonly<Record<string, readonly string[]>> = {
  createUser: ['password'],
  changeOwnPassword: ['newPassword'],
  resetPassword: ['newPassword'],
};

const PRODUCT = [
  'code',
  'currency',
  'kind',
  'name',
  'status',
  'version',
  'effectiveFrom',
  'aerPercent=AER %',
  'overdraftAllowed=Overdraft',
];

/** Columns of lists, where the first values of the resource are not the ones to look at: path, or path=title. */
export const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  listCustomers: [
    'id',
    'type',
    'givenName',
    'familyName',
    'legalName',
    'status',
    'email',
    'address.city',
    'externalId',
  ],
  listAccounts: [
    'id',
    'iban',
    'product',
    'status',
    'balance.posted=Balance',
    'balance.available=Available',
    'currency',
    'externalId',
  ],
  listProducts: PRODUCT,
  getProduct: PRODUCT,
  listProductVersions: [
    'version',
    'currency',
    'effectiveFrom',
    'appliesTo',
    'interest.rate=Rate',
    'interest.reference.code=Reference',
    'interest.reference.margin=Margin',
    'interest.posting=Posting',
    'overdraft.maximumLimit=Highest overdraft',
  ],
  listBeneficiaries: ['id', 'name', 'nickname', 'iban', 'status', 'limitPerDay', 'currency'],
  listTransactions: [
    'id',
    'businessDate=Date',
    'type',
    'status',
    'amount',
    'currency',
    'accountId=Account',
    'reference',
  ],
  listHolds: [
    'id',
    'accountId=Account',
    'status',
    'amount',
    'capturedAmount=Captured',
    'remainingAmount=Held',
    'currency',
    'expiresAt=Expires',
    'reference',
  ],
  listOutgoingPayments: [
    'id',
    'businessDate=Date',
    'status',
    'amount',
    'currency',
    'creditorIban=To',
    'creditorName=Name',
    'reason',
  ],
  listIncomingPayments: [
    'id',
    'valueDate',
    'status',
    'problem',
    'amount',
    'currency',
    'iban=For',
    'debtorName=From',
    'externalReference',
  ],
  listLoans: [
    'id',
    'accountId=Account',
    'requestedAmount=Requested',
    'outstanding.total=Owed',
    'due.total=Due',
    'currency',
    'nextDueDate=Next',
    'daysPastDue=Days late',
    'status',
  ],
  listStandingOrders: [
    'id',
    'fromAccountId=From',
    'toAccountId=To',
    'toIban',
    'amount',
    'currency',
    'frequency=Every',
    'nextRunDate=Next',
    'status',
    'description',
  ],
};

const ACCOUNT_INTEREST = {
  segments: ['from', 'to', 'formula'],
  posted: ['from', 'to', 'creditInterest', 'debitInterest', 'tax', 'isCorrection'],
};

/** Columns of tables within an answer, by operation and by the field that holds the rows. */
export const TABLES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  getAccountInterest: ACCOUNT_INTEREST,
  postAccountInterest: ACCOUNT_INTEREST,
  quoteInterest: {
    segments: ['from', 'to', 'formula'],
    postings: ['from', 'on', 'creditInterest', 'debitInterest', 'tax', 'net'],
  },
  // Both sides of the balance, whatever else there is of a span.
  getTrialBalance: {
    lines: [
      'code',
      'name',
      'currency',
      'openingDebit',
      'openingCredit',
      'movementDebit',
      'movementCredit',
      'debit',
      'credit',
    ],
  },
  getLoanSchedule: {
    schedule: ['number', 'dueDate', 'principal', 'interest', 'fees', 'total', 'outstanding', 'status'],
  },
  getLoanStatement: {
    lines: ['date', 'type', 'amount', 'principal', 'interest', 'fees', 'penalties', 'outstanding.total=Owed'],
  },
};

/** Of what a dry run shows beside the answer. */
export const DRY_RUN_TABLES: Readonly<Record<string, readonly string[]>> = {
  balances: [
    'accountId=Account',
    'currency',
    'before.posted=Before',
    'after.posted=After',
    'before.available=Available before',
    'after.available=Available after',
  ],
  lines: [
    'side',
    'accountId=Account',
    'glAccount=Line',
    'amount',
    'currency',
    'balanceBefore=Before',
    'balanceAfter=After',
  ],
  fees: ['name', 'status', 'amount', 'tax', 'total', 'currency', 'accountId=Account'],
  limits: ['of', 'name', 'amount', 'used', 'left', 'currency'],
};

/** What a body still needs, found by asking the bank. */
export type Complete = (
  body: Fields,
  bank: { readonly ask: Ask; readonly accounts: Accounts; readonly path: string },
) => Promise<Fields>;

/** Of a limit, what is not named stays as it is. */
export const COMPLETIONS: Readonly<Record<string, Complete>> = {
  setAccountLimits: async (body, { ask, path }) => {
    const limits = fieldsOf(await ask({ method: 'GET', path }));
    return { ...limitsIn(limits), ...body };
  },
  setDefaultLimits: async (body, { ask, path }) => {
    const { data } = fieldsOf(await ask({ method: 'GET', path }));
    const { currency, product = null } = body;
    const sets = Array.isArray(data) ? data.filter(isFields) : [];
    const found = sets.find((one) => one.currency === currency && (one.product ?? null) === product);
    return { ...limitsIn(found ?? {}), ...body };
  },
};

function limitsIn({ perTransaction, perDay, newBeneficiaryPerDay }: Fields): Fields {
  return { perTransaction, perDay, newBeneficiaryPerDay };
}

/** An argument of a shortcut: a field of the body, or what `complete` makes fields of. */
export type ShortcutArgument = {
  readonly name: string;
  readonly metavar: string;
  readonly about: string;
  readonly read: (text: string) => string;
};

/** A short way to say an operation that is needed every day. */
export type Shortcut = {
  readonly name: string;
  readonly operationId: string;
  readonly description: string;
  readonly arguments: readonly ShortcutArgument[];
  /** Fields of the body that it finds itself: not required, or no options at all. */
  readonly found: readonly string[];
  readonly hidden: readonly string[];
  readonly complete?: Complete;
};

const account = (name: string, metavar: string): ShortcutArgument => ({
  name,
  metavar,
  about: 'id, IBAN or number',
  read: (text) => parseAccountReference(text).text,
});
const amount: ShortcutArgument = {
  name: 'amount',
  metavar: 'amount',
  about: 'in major units, like 1250.00',
  read: parseAmountText,
};
const payee: ShortcutArgument = {
  name: 'to',
  metavar: 'to',
  about: 'id, IBAN or number, or a beneficiary, ben_…',
  read: parsePayee,
};

const cash = (name: string, operationId: string, description: string): Shortcut => ({
  name,
  operationId,
  description,
  arguments: [account('accountId', 'account'), amount],
  found: ['currency', 'mode'],
  hidden: [],
  complete: async (body, { accounts }) => {
    const currency = body.currency ?? (await accounts.currencyOf(String(body.accountId)));
    return { mode: 'cash', ...body, currency };
  },
});

export const SHORTCUTS: readonly Shortcut[] = [
  {
    name: 'transfer',
    operationId: 'transfer',
    description: 'move money to another account, of this bank or another, or to a beneficiary',
    arguments: [account('fromAccountId', 'from'), payee, amount],
    found: ['currency'],
    hidden: ['toAccountId', 'toIban', 'beneficiaryId'],
    complete: async ({ to, ...body }, { accounts }) => {
      const currency = body.currency ?? (await accounts.currencyOf(String(body.fromAccountId)));
      return { ...body, currency, ...(await payeeOf(String(to), accounts)) };
    },
  },
  cash('deposit', 'deposit', 'pay money into an account'),
  cash('withdraw', 'withdraw', 'pay money out of an account'),
  {
    name: 'balance',
    operationId: 'getBalance',
    description: 'what is on an account, now or at the end of a date',
    arguments: [],
    found: [],
    hidden: [],
  },
  {
    name: 'trial-balance',
    operationId: 'getTrialBalance',
    description: 'every line of the chart with its balance; debits equal credits',
    arguments: [],
    found: [],
    hidden: [],
  },
];

const BENEFICIARY = /^ben_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

function parsePayee(text: string): string {
  try {
    return BENEFICIARY.test(text) ? text : parseAccountReference(text).text;
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(
      error.message.replace(' or an account number', ', an account number or a beneficiary'),
    );
  }
}

async function payeeOf(text: string, accounts: Accounts): Promise<Fields> {
  if (BENEFICIARY.test(text)) return { beneficiaryId: text };
  const reference = parseAccountReference(text);
  if ('id' in reference) return { toAccountId: text };
  if ('iban' in reference) return { toIban: reference.iban };
  const toIban = await accounts.ibanOf(reference.number);
  return toIban === undefined ? { toAccountId: await accounts.idOf(text) } : { toIban };
}
