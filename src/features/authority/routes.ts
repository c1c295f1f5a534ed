import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import {
  RoleLimitSchema,
  RoleLimitsSchema,
  roleLimitsView,
  roleLimitView,
  SetRoleLimitsRequest,
} from './schemas.ts';
import type { RoleLimitService } from './service.ts';

const operation = operationsOf('Limits');

/** How much roles may move, promise or lend on their own word. */
export function registerRoleLimitRoutes(server: HttpServer, limits: RoleLimitService): void {
  server.get(
    '/v1/role-limits',
    operation('listRoleLimits', 'List how much roles may move, promise or lend, by currency', {
      response: { 200: RoleLimitsSchema },
    }),
    async () => roleLimitsView(await limits.list()),
  );

  server.put(
    '/v1/role-limits',
    operation(
      'setRoleLimits',
      'Set how much a role may move, promise or lend at once and on a day, in a currency',
      {
        body: SetRoleLimitsRequest,
        response: { 200: RoleLimitSchema },
      },
    ),
    async ({ caller, body }) => {
      const currency = requireCurrency(body.currency);
      const minor = (name: 'perTransaction' | 'perDay') =>
        optional(body[name] ?? undefined, (text) => parseAmountOrZero(text, currency, name));
      const limit = await limits.set(caller, {
        role: body.role,
        currency,
        perTransactionMinor: minor('perTransaction'),
        perDayMinor: minor('perDay'),
        validFrom: optional(body.validFrom, isoDate),
      });
      return roleLimitView(limit);
    },
  );
}
