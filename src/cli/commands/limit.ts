import type { Command } from 'commander';
import {
  type AccountLimitsView,
  accountLimitsView,
  type DefaultLimitsView,
  defaultLimitsView,
  LIMIT_NAMES,
  type LimitName,
  type Limits,
} from '#features/limits/contract.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { findReferredAccount } from '../find-account.ts';
import { type OutputOptions, show } from '../output.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderList } from '../table.ts';
import {
  type AccountReference,
  parseAccountReference,
  parseCurrencyValue,
  parseLimitText,
  toMinor,
} from '../values.ts';

/** `limit show|set|defaults|set-default`. */
export function addLimitCommands(program: Command): void {
  const limit = program.command('limit').description('what accounts may pay at once and on a day');
  limit
    .command('show')
    .description('show the limits of an account, who set them, and what is left')
    .argument('<account>', 'id, IBAN or number', parseAccountReference)
    .option('--json', 'print JSON')
    .action(showLimits);
  const set = limit
    .command('set')
    .description('set limits of an account; those not named stay as they are')
    .argument('<account>', 'id, IBAN or number', parseAccountReference);
  addLimitOptions(set).action(setLimits);
  limit
    .command('defaults')
    .description('list the limits that are set for the bank and for its products')
    .option('--json', 'print JSON')
    .action(listDefaults);
  const setDefault = limit
    .command('set-default')
    .description(
      'set limits of all accounts in a currency, or of a product; those not named stay as they are',
    )
    .argument('<currency>', 'ISO 4217 code', parseCurrencyValue)
    .option('--product <code>', 'only for accounts of this product');
  addLimitOptions(setDefault).action(setDefaultLimits);
}

/** In major units, or `none`. */
type LimitOptions = OutputOptions & { readonly [Name in LimitName]?: string };

function addLimitOptions(command: Command): Command {
  return command
    .option('--per-transaction <amount>', 'the most at once, or none', parseLimitOrNone)
    .option('--per-day <amount>', 'the most on a business date, or none', parseLimitOrNone)
    .option(
      '--new-beneficiary-per-day <amount>',
      'the most to new beneficiaries on a business date, or none',
      parseLimitOrNone,
    )
    .option('--json', 'print JSON');
}

function parseLimitOrNone(text: string): string {
  return text === 'none' ? text : parseLimitText(text);
}

/** The limits as they were, with those that are named. */
function changed(limits: Limits, options: LimitOptions, currency: Currency): Limits {
  const limit = (name: LimitName): bigint | undefined => {
    const text = options[name];
    if (text === undefined) return limits[name];
    return text === 'none' ? undefined : toMinor(text, currency);
  };
  return {
    perTransaction: limit('perTransaction'),
    perDay: limit('perDay'),
    newBeneficiaryPerDay: limit('newBeneficiaryPerDay'),
  };
}

async function showLimits(reference: AccountReference, options: OutputOptions): Promise<void> {
  const limits = await withBank(async ({ services }) => {
    const { id } = await findReferredAccount(services, reference);
    return services.limits.get(CLI_CALLER, id);
  });
  await showAccount(accountLimitsView(limits), options);
}

async function setLimits(reference: AccountReference, options: LimitOptions): Promise<void> {
  const limits = await withBank(async ({ services }) => {
    const { id, currency } = await findReferredAccount(services, reference);
    const { layers } = await services.limits.get(CLI_CALLER, id);
    return services.limits.setForAccount(CLI_CALLER, id, changed(layers.account, options, currency));
  });
  await showAccount(accountLimitsView(limits), options);
}

async function listDefaults(options: OutputOptions): Promise<void> {
  const defaults = await withBank(({ services }) => services.limits.listDefaults());
  const data = defaults.map(defaultLimitsView);
  await show(options, { data, nextCursor: null }, () => renderList(DEFAULT_COLUMNS, data, 'No limits.'));
}

type DefaultOptions = LimitOptions & { readonly product?: string };

async function setDefaultLimits(currency: Currency, options: DefaultOptions): Promise<void> {
  const { product } = options;
  const stored = await withBank(async ({ services }) => {
    const before = await services.limits.getDefault({ currency, product });
    const limits = changed(before, options, currency);
    return services.limits.setDefault(CLI_CALLER, { currency, product, limits });
  });
  const view = defaultLimitsView(stored);
  await show(options, view, () => renderList(DEFAULT_COLUMNS, [view], ''));
}

type Row = {
  name: string;
  own: string | null;
  limit: string | null;
  setFor: string | null;
  left: string | null;
};

async function showAccount(view: AccountLimitsView, options: OutputOptions): Promise<void> {
  const rows = LIMIT_NAMES.map((name): Row => {
    const effective = view.effective[name];
    return {
      name: TITLES[name],
      own: view[name],
      limit: effective?.amount ?? null,
      setFor: effective?.setFor ?? null,
      left: effective?.left ?? null,
    };
  });
  await show(options, view, () => {
    const heading = `${view.accountId} on ${view.businessDate}, in ${view.currency}\n\n`;
    return heading + renderList(ACCOUNT_COLUMNS, rows, '');
  });
}

const TITLES: Readonly<Record<LimitName, string>> = {
  perTransaction: 'at once',
  perDay: 'a day',
  newBeneficiaryPerDay: 'a day, to new beneficiaries',
};

const ACCOUNT_COLUMNS: readonly Column<Row>[] = [
  { title: 'Limit', value: ({ name }) => name },
  { title: 'Of its own', value: ({ own }) => own, right: true },
  { title: 'Counts', value: ({ limit }) => limit, right: true },
  { title: 'Set for', value: ({ setFor }) => setFor },
  { title: 'Left', value: ({ left }) => left, right: true },
];

const DEFAULT_COLUMNS: readonly Column<DefaultLimitsView>[] = [
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Product', value: ({ product }) => product ?? 'all' },
  { title: 'At once', value: ({ perTransaction }) => perTransaction, right: true },
  { title: 'A day', value: ({ perDay }) => perDay, right: true },
  { title: 'To new', value: ({ newBeneficiaryPerDay }) => newBeneficiaryPerDay, right: true },
];
