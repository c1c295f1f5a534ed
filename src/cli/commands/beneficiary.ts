import type { Command } from 'commander';
import { type AddBeneficiary, beneficiaryView } from '#features/beneficiaries/contract.ts';
import { type BeneficiaryId, type CustomerId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { payeeOf } from '../find-account.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import {
  type AccountReference,
  parseAccountReference,
  parseAmountText,
  parseBeneficiaryId,
  parseCurrencyValue,
  parseCustomerId,
} from '../values.ts';
import type { BeneficiaryView } from '../views.ts';

/** `beneficiary create|list|delete`. */
export function addBeneficiaryCommands(program: Command): void {
  const beneficiary = program.command('beneficiary').description('whom a customer pays by name');
  ofCustomer(beneficiary, 'create', 'add one; a new one is paid little for a day')
    .argument('<name>', 'of who is paid')
    .argument('<payee>', 'an IBAN of any bank, or an account here: id, IBAN or number', parseAccountReference)
    .option('--nickname <text>', 'what the customer calls them')
    .option('--limit-per-day <amount>', 'what they may be paid a day', parseAmountText)
    .option(
      '--currency <code>',
      'of the limit; the payee’s or the customer’s if not given',
      parseCurrencyValue,
    )
    .action(createBeneficiary);
  const list = ofCustomer(beneficiary, 'list', 'list a customer’s, newest first');
  addPageOptions(list, parseBeneficiaryId).action(listBeneficiaries);
  ofCustomer(beneficiary, 'delete', 'delete one; what was paid stays')
    .argument('<beneficiary>', 'the id, ben_…', parseBeneficiaryId)
    .action(deleteBeneficiary);
}

function ofCustomer(beneficiary: Command, name: string, description: string): Command {
  return beneficiary
    .command(name)
    .description(description)
    .argument('<customer>', 'the id, cus_…', parseCustomerId)
    .option('--json', 'print JSON');
}

type CreateOptions = OutputOptions & {
  readonly nickname?: string;
  readonly limitPerDay?: string;
  readonly currency?: Currency;
};

async function createBeneficiary(
  customerId: CustomerId,
  name: string,
  payee: AccountReference,
  options: CreateOptions,
): Promise<void> {
  const { nickname, limitPerDay, currency } = options;
  const view = await withBank(async ({ services }) => {
    const request: AddBeneficiary = {
      name,
      payee: await payeeOf(services, payee),
      nickname,
      limitPerDay,
      currency,
    };
    const added = await services.beneficiaries.add(CLI_CALLER, customerId, request);
    return beneficiaryView(added, services.context.clock.nowMs());
  });
  await show(options, view, () => renderFields(view));
}

async function listBeneficiaries(
  customerId: CustomerId,
  options: OutputOptions & PageOptions<BeneficiaryId>,
): Promise<void> {
  const { cursor: after, limit } = options;
  const page = await withBank(async ({ services }) => {
    const filter = { after, limit: limit + 1 };
    const beneficiaries = await services.beneficiaries.list(CLI_CALLER, customerId, filter);
    const nowMs = services.context.clock.nowMs();
    return pageOf(beneficiaries, limit, (one) => beneficiaryView(one, nowMs));
  });
  await show(options, page, () => renderList(COLUMNS, page.data, 'No beneficiaries.') + nextPageHint(page));
}

async function deleteBeneficiary(
  customerId: CustomerId,
  id: BeneficiaryId,
  options: OutputOptions,
): Promise<void> {
  await withBank(({ services }) => services.beneficiaries.delete(CLI_CALLER, customerId, id));
  const deleted = { id: toTypeId('beneficiary', id), deleted: true };
  await show(options, deleted, () => `Deleted ${deleted.id}.`);
}

const COLUMNS: readonly Column<BeneficiaryView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Name', value: ({ name }) => name },
  { title: 'Nickname', value: ({ nickname }) => nickname },
  { title: 'IBAN', value: ({ iban }) => iban },
  { title: 'Status', value: ({ status }) => status.replace('_', ' ') },
  { title: 'Limit a day', value: ({ limitPerDay }) => limitPerDay, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
];
