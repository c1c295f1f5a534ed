import type { Command } from 'commander';
import type { Currency } from '#lib/money/currencies.ts';
import { findReferredAccount, payeeOf } from '../find-account.ts';
import { addMoneyOptions, type MoneyOptions, postAndShow } from '../posting.ts';
import { CLI_CALLER } from '../run.ts';
import {
  type AccountReference,
  type PayeeReference,
  parseAccountReference,
  parseAmountText,
  parseCurrencyValue,
  parsePayeeReference,
  toMinor,
} from '../values.ts';

type TransferOptions = MoneyOptions & { readonly currency?: Currency };

/** `transfer FROM TO AMOUNT`. */
export function addTransferCommand(program: Command): void {
  const command = program
    .command('transfer')
    .description('move money to another account, of this bank or another, or to a beneficiary')
    .argument('<from>', 'who pays: id, IBAN or number', parseAccountReference)
    .argument('<to>', 'who is paid: id, IBAN or number, or a beneficiary, ben_…', parsePayeeReference)
    .argument('<amount>', 'in major units, like 1250.00', parseAmountText)
    .option('--currency <code>', 'the payer’s account’s if not given', parseCurrencyValue);
  addMoneyOptions(command).action(transfer);
}

async function transfer(
  from: AccountReference,
  to: PayeeReference,
  amount: string,
  options: TransferOptions,
): Promise<void> {
  const { reference, description } = options;
  await postAndShow(options, async (services, idempotencyKey) => {
    const payer = await findReferredAccount(services, from);
    const currency = options.currency ?? payer.currency;
    return services.transactions.transfer({
      caller: CLI_CALLER,
      idempotencyKey,
      fromAccountId: payer.id,
      to: 'beneficiaryId' in to ? { beneficiaryId: to.beneficiaryId } : await payeeOf(services, to),
      amountMinor: toMinor(amount, currency),
      currency,
      reference,
      description,
    });
  });
}
