import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { Services } from '#bank/services.ts';
import {
  capturedView,
  HOLD_STATUSES,
  type HoldStatus,
  type HoldView,
  holdView,
} from '#features/holds/contract.ts';
import type { HoldId } from '#lib/ids.ts';
import { findReferredAccount } from '../find-account.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { addPostingOptions, type PostingOptions, settle } from '../posting.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import {
  type AccountReference,
  parseAccountReference,
  parseAmountText,
  parseHoldId,
  parseInstantValue,
  toMinor,
} from '../values.ts';

/** `hold place|capture|release|show|list`. */
export function addHoldCommands(program: Command): void {
  const hold = program.command('hold').description('money set aside on accounts');
  const place = hold
    .command('place')
    .description('set money aside: it is not available from now on')
    .argument('<account>', 'id, IBAN or number', parseAccountReference)
    .argument('<amount>', 'in major units, like 1250.00', parseAmountText)
    .option(
      '--expires-at <instant>',
      'until when it may be captured, like 2026-01-31T12:00:00Z',
      parseInstantValue,
    )
    .option('--reference <text>', 'kept on the hold and on what is captured, up to 140 characters');
  addPostingOptions(place).action(placeHold);
  const capture = hold
    .command('capture')
    .description('take money out of a hold')
    .argument('<hold>', 'the id, hold_…', parseHoldId)
    .argument('[amount]', 'all that remains if not given', parseAmountText)
    .option('--to <account>', 'where it goes; without, it waits for settlement', parseAccountReference)
    .option('--final', 'let go of what remains');
  addPostingOptions(capture).action(captureHold);
  addOnHold(hold, 'release', 'let go of what a hold has left', ({ holds }, id) =>
    holds.release(CLI_CALLER, id),
  );
  addOnHold(hold, 'show', 'show a hold', ({ holds }, id) => holds.get(CLI_CALLER, id));
  const list = hold
    .command('list')
    .description('list holds, newest first')
    .option('--account <account>', 'on this account: id, IBAN or number', parseAccountReference)
    .addOption(new Option('--status <status>', 'only these').choices(HOLD_STATUSES))
    .option('--json', 'print JSON');
  addPageOptions(list, parseHoldId).action(listHolds);
}

type Act = (services: Services, id: HoldId) => Promise<Parameters<typeof holdView>[0]>;

function addOnHold(hold: Command, name: string, description: string, act: Act): void {
  hold
    .command(name)
    .description(description)
    .argument('<hold>', 'the id, hold_…', parseHoldId)
    .option('--json', 'print JSON')
    .action(async (id: HoldId, options: OutputOptions) => {
      const view = holdView(await withBank(({ services }) => act(services, id)));
      await show(options, view, () => renderFields(view));
    });
}

type PlaceOptions = PostingOptions & { readonly expiresAt?: number; readonly reference?: string };

async function placeHold(account: AccountReference, amount: string, options: PlaceOptions): Promise<void> {
  const { expiresAt, reference } = options;
  await keyed(options, async (services, idempotencyKey) => {
    const { id, currency } = await findReferredAccount(services, account);
    const { hold, replayed } = await services.holds.place({
      caller: CLI_CALLER,
      idempotencyKey,
      accountId: id,
      amountMinor: toMinor(amount, currency),
      currency,
      expiresAtMs: expiresAt,
      reference,
    });
    return { ...holdView(hold), replayed };
  });
}

type CaptureOptions = PostingOptions & { readonly to?: AccountReference; readonly final?: boolean };

async function captureHold(
  holdId: HoldId,
  amount: string | undefined,
  options: CaptureOptions,
): Promise<void> {
  await keyed(options, async (services, idempotencyKey) => {
    const { currency } = (await services.holds.get(CLI_CALLER, holdId)).state;
    const { hold, transactionId, replayed } = await services.holds.capture({
      caller: CLI_CALLER,
      idempotencyKey,
      holdId,
      amountMinor: amount === undefined ? undefined : toMinor(amount, currency),
      toAccountId: options.to && (await findReferredAccount(services, options.to)).id,
      isFinal: options.final === true,
    });
    return { ...capturedView(hold, transactionId), replayed };
  });
}

/** Does it under the given key, or one made for it, and shows the hold as it stands then. */
async function keyed(
  options: PostingOptions,
  act: (services: Services, idempotencyKey: string) => Promise<HoldView & { readonly replayed: boolean }>,
): Promise<void> {
  const idempotencyKey = options.idempotencyKey ?? randomUUID();
  const answer = await withBank(({ services }) =>
    settle(idempotencyKey, () => act(services, idempotencyKey)),
  );
  const view = { ...answer, idempotencyKey };
  const first = view.replayed ? 'This was done before under the same key; nothing was done now.\n\n' : '';
  await show(options, view, () => first + renderFields(view));
}

type ListOptions = OutputOptions &
  PageOptions<HoldId> & { readonly account?: AccountReference; readonly status?: HoldStatus };

async function listHolds(options: ListOptions): Promise<void> {
  const { account, status, cursor: after, limit } = options;
  const holds = await withBank(async ({ services }) => {
    const accountId = account && (await findReferredAccount(services, account)).id;
    return services.holds.list(CLI_CALLER, { accountId, status, after, limit: limit + 1 });
  });
  const page = pageOf(holds, limit, holdView);
  await show(options, page, () => renderList(COLUMNS, page.data, 'No holds.') + nextPageHint(page));
}

const COLUMNS: readonly Column<HoldView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Account', value: ({ accountId }) => accountId },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Amount', value: ({ amount }) => amount, right: true },
  { title: 'Captured', value: ({ capturedAmount }) => capturedAmount, right: true },
  { title: 'Held', value: ({ remainingAmount }) => remainingAmount, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Expires', value: ({ expiresAt }) => expiresAt },
  { title: 'Reference', value: ({ reference }) => reference },
];
