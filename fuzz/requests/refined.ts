import fc from 'fast-check';
import { chance, pick } from '../draw.ts';
import { dateOf, type Source } from './values.ts';

type Fields = Readonly<Record<string, unknown>>;

const uuid = fc.uuid();
/** Of all users that requests make. */
export const PASSWORD = 'violet anchors drift slowly';
const LOAN = { amount: '1000.00', currency: 'EUR', instalments: 12 };
const LOAN_PRODUCT = {
  currency: 'EUR',
  amount: { min: '100', max: '5000' },
  instalments: { min: 1, max: 60 },
  annualRatePercent: { min: '5', max: '15', default: '10' },
};
const PAYEES = ['toAccountId', 'toIban', 'beneficiaryId'];

/** What goes together in a body, which no schema tells: without, hardly one such request would get far. */
const REFINED: Readonly<Record<string, (body: Fields, source: Source) => Fields>> = {
  createCustomer: (body, source) =>
    body.type === 'person'
      ? {
          ...without(body, ['legalName', 'registrationNumber']),
          givenName: 'Ada',
          familyName: 'Byron',
          dateOfBirth: '1990-12-10',
          phone: '+493012345678',
        }
      : {
          ...without(body, ['givenName', 'familyName', 'dateOfBirth']),
          legalName: 'Engines',
          registrationNumber: `HRB ${source.draw(uuid)}`,
          phone: '+493012345678',
        },
  transfer: (body, source) => named(onePayee(body, source)),
  createStandingOrder: (body, source) => ({
    ...without(onePayee(body, source), ['every', 'once']),
    frequency: 'monthly',
    startDate: dateOf(source),
  }),
  createBeneficiary: (body, source) => {
    const [kept, dropped] = pick(source.draw, [
      ['iban', 'accountId'],
      ['accountId', 'iban'],
    ] as const);
    const value = kept === 'iban' ? 'DE89370400440532013000' : source.pool.id('acc', source.draw);
    return { ...without(body, [dropped]), [kept]: value };
  },
  postBatch: (body, source) => ({ ...body, items: asArray(body.items).map((item) => itemOf(item, source)) }),
  login: (_, { draw, pool }) => ({
    email: pool.any('email', draw) ?? 'nobody@florin.example',
    password: PASSWORD,
  }),
  refresh: (_, { draw, pool }) => ({ refreshToken: pool.any('refreshToken', draw) ?? 'none' }),
  logout: (_, { draw, pool }) => ({ refreshToken: pool.any('refreshToken', draw) ?? 'none' }),
  createLoanProduct: (body, { draw }) =>
    chance(draw, 50) ? body : { ...LOAN_PRODUCT, name: `Loan ${draw(uuid)}` },
  quoteLoan: (body, source) =>
    chance(source.draw, 50)
      ? body
      : { ...LOAN, productId: source.pool.id('lnp', source.draw), disbursedOn: dateOf(source) },
  applyForLoan: (body, { draw, pool, own }) => ({
    ...(chance(draw, 50) ? body : LOAN),
    customerId: own.id('cus', draw),
    accountId: own.id('acc', draw),
    productId: pool.id('lnp', draw),
  }),
  // Far ahead there is nothing but days without events.
  setBusinessDate: (_, source) => ({ businessDate: dateOf(source, 5) }),
  runEndOfDay: (body, source) => (body.until === undefined ? {} : { until: dateOf(source, 5) }),
  createUser: (body, source) =>
    body.role === 'customer'
      ? { ...body, customerId: source.pool.id('cus', source.draw) }
      : without(body, ['customerId']),
};

/** The body with what belongs together made to fit. */
export function refine(operationId: string, body: unknown, source: Source): unknown {
  const fit = REFINED[operationId];
  return fit === undefined || !isFields(body) ? body : fit(body, source);
}

function onePayee(body: Fields, { draw, pool }: Source): Fields {
  const kept = pick(draw, PAYEES);
  const kind = kept === 'beneficiaryId' ? 'ben' : 'acc';
  const value = kept === 'toIban' ? 'DE89370400440532013000' : pool.id(kind, draw);
  return { ...without(body, [...PAYEES, 'toName']), [kept]: value };
}

/** What leaves the bank names its payee. */
function named(body: Fields): Fields {
  return 'toIban' in body ? { ...body, toName: 'Grace Hopper' } : body;
}

function itemOf(item: unknown, source: Source): unknown {
  if (!isFields(item)) return item;
  const { draw, pool } = source;
  if (item.type === 'transfer') {
    const transfer = named(onePayee(without(item, ['accountId', 'mode', 'valueDate']), source));
    return { ...transfer, fromAccountId: pool.id('acc', draw) };
  }
  return {
    ...without(item, [...PAYEES, 'toName', 'fromAccountId']),
    accountId: pool.id('acc', draw),
    mode: 'cash',
  };
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
