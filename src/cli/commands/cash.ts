import { type Command, Option } from 'commander';
import { type CashRequest, PAYMENT_MODES } from '#features/transactions/contract.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { findReferredAccount } from '../find-account.ts';
import { addMoneyOptions, type MoneyOptions, postAndShow } from '../posting.ts';
import { CLI_CALLER } from '../run.ts';
import {
  type AccountReference,
  parseAccountReference,
  parseAmountText,
  parseCurrencyValue,
  parseDateValue,
  toMinor,
} from '../values.ts';

type CashOptions = MoneyOptions & {
  readonly currency?: Currency;
  readonly mode: CashRequest['mode'];
  readonly valueDate?: IsoDate;
};

/** `deposit` and `withdraw`. */
export function addCashCommands(program: Command): void {
  addCashCommand(program, 'deposit', 'pay money into an account');
  addCashCommand(program, 'withdraw', 'pay money out of an account');
}

function addCashCommand(program: Command, name: 'deposit' | 'withdraw', description: string): void {
  const command = program
    .command(name)
    .description(description)
    .argument('<account>', 'id, IBAN or number', parseAccountReference)
    .argument('<amount>', 'in major units, like 1250.00', parseAmountText)
    .addOption(
      new Option('--mode <mode>', 'how the money comes or goes').choices(PAYMENT_MODES).default('cash'),
    )
    .option('--currency <code>', 'the account’s if not given', parseCurrencyValue)
    .option('--value-date <date>', 'from when it counts; the business date if not given', parseDateValue);
  addMoneyOptions(command).action((account: AccountReference, amount: string, options: CashOptions) =>
    moveCash(name, account, amount, options),
  );
}

async function moveCash(
  name: 'deposit' | 'withdraw',
  reference: AccountReference,
  amount: string,
  options: CashOptions,
): Promise<void> {
  const { mode, reference: text, description, valueDate } = options;
  await postAndShow(options, async (services, idempotencyKey) => {
    const account = await findReferredAccount(services, reference);
    const currency = options.currency ?? account.currency;
    return services.transactions[name]({
      caller: CLI_CALLER,
      idempotencyKey,
      accountId: account.id,
      amountMinor: toMinor(amount, currency),
      currency,
      mode,
      reference: text,
      description,
      valueDate,
    });
  });
}
