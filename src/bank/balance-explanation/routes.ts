import { requireAsOf } from '#features/accounts/as-of.ts';
import { AccountParams, BalanceQuery } from '#features/accounts/schemas.ts';
import { attachmentView } from '#features/holds/attachments/schemas.ts';
import { holdView } from '#features/holds/schemas.ts';
import { lineView } from '#features/transactions/contract.ts';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import type { Services } from '../services.ts';
import { addUp, type ExplainedBalance, explainBalance, type Standing } from './explain.ts';
import { type BalanceExplanation, BalanceExplanationSchema } from './schemas.ts';

const operation = operationsOf('Accounts');

/** Why a balance is what it is: what a teller is asked most. */
export function registerBalanceExplanation(server: HttpServer, services: Services): void {
  server.get(
    '/v1/accounts/:id/balance/explain',
    operation('explainBalance', 'Explain the balance now, at the end of a date, or at an instant', {
      params: AccountParams,
      querystring: BalanceQuery,
      response: { 200: BalanceExplanationSchema },
    }),
    async ({ caller, params, query }) => {
      const accountId = fromTypeId('account', params.id);
      const asOf = optional(query.asOf, requireAsOf);
      const explained = await explainBalance(services, { caller, accountId, asOf });
      return explanationView(explained, query.asOf);
    },
  );
}

function explanationView(
  { account, newest, lines, now }: ExplainedBalance,
  asOf: string | undefined,
): BalanceExplanation {
  const { id, currency } = account;
  const bookedMinor = newest?.balanceAfterMinor ?? 0n;
  const shownMinor = lines.reduce((sum, { signedMinor }) => sum + signedMinor, 0n);
  return {
    accountId: toTypeId('account', id),
    currency,
    asOf: asOf ?? null,
    booked: {
      amount: formatAmount(bookedMinor, currency),
      lineCount: Number(newest?.seq ?? 0n),
      before: formatAmount(bookedMinor - shownMinor, currency),
      lines: lines.map(lineView),
    },
    ...(now === undefined ? NOT_KEPT : standingView(now, currency)),
  };
}

const NOT_KEPT = { held: null, overdraft: null, available: null } as const;

function standingView(
  now: Standing,
  currency: Currency,
): Pick<BalanceExplanation, 'available' | 'held' | 'overdraft'> {
  const { unlistedMinor, arrangedMinor, usedMinor, unarrangedMinor, availableMinor } = addUp(now);
  const shown = (minor: bigint) => formatAmount(minor, currency);
  return {
    held: {
      amount: shown(now.funds.heldMinor),
      holds: now.holds.map(holdView),
      attachments: now.attachments.map(attachmentView),
      unlisted: shown(unlistedMinor),
    },
    overdraft: { arranged: shown(arrangedMinor), used: shown(usedMinor), unarranged: shown(unarrangedMinor) },
    available: shown(availableMinor),
  };
}
