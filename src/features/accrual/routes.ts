import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import {
  AccountInterestQuery,
  AccountInterestSchema,
  accountInterestView,
  InterestParams,
} from './schemas.ts';
import type { InterestService } from './service.ts';

const operation = operationsOf('Interest');

/** The interest of accounts. */
export function registerAccountInterestRoutes(server: HttpServer, interest: InterestService): void {
  server.get(
    '/v1/accounts/:id/interest',
    operation(
      'getAccountInterest',
      'Explain the interest of an account: segments, postings, taxes, and what has accrued',
      {
        params: InterestParams,
        querystring: AccountInterestQuery,
        response: { 200: AccountInterestSchema },
      },
    ),
    async ({ caller, params, query }) => {
      const range = { from: optional(query.from, isoDate), to: optional(query.to, isoDate) };
      return accountInterestView(await interest.explain(caller, fromTypeId('account', params.id), range));
    },
  );

  server.post(
    '/v1/accounts/:id/post-interest',
    operation(
      'postAccountInterest',
      'Post what an account has earned and owes through yesterday, before it is closed',
      {
        params: InterestParams,
        response: { 200: AccountInterestSchema },
      },
    ),
    async ({ caller, params }) =>
      accountInterestView(await interest.post(caller, fromTypeId('account', params.id))),
  );
}
