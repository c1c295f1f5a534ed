import { etagged, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import {
  ChangeGlAccountRequest,
  CreateGlAccountRequest,
  GlAccountParams,
  GlAccountSchema,
  glAccountView,
} from './schemas.ts';
import type { ChartService } from './service.ts';

const operation = operationsOf('Accounting');

const LIST = '/v1/accounting/gl-accounts';
const ONE = '/v1/accounting/gl-accounts/:code';
const PARENT_PROBLEMS = [
  'unknown_gl_account',
  'gl_account_in_use',
  'gl_class_differs',
  'gl_control_line',
] as const;

/** The chart of accounts. It is short: it comes whole. */
export function registerChartRoutes(server: HttpServer, chart: ChartService): void {
  server.get(
    LIST,
    operation('listGlAccounts', 'List the lines of the chart of accounts and their groups, by code', {
      response: { 200: pageSchema(GlAccountSchema) },
    }),
    async () => ({ data: (await chart.list()).map(glAccountView), nextCursor: null }),
  );

  server.post(
    LIST,
    operation('createGlAccount', 'Make a line of the chart of accounts', {
      body: CreateGlAccountRequest,
      response: { 201: GlAccountSchema },
      problems: [...PARENT_PROBLEMS, 'gl_account_exists', 'chart_full'],
    }),
    async ({ caller, body }, reply) => {
      const view = etagged(reply, await chart.create(caller, body), glAccountView);
      return reply.code(201).header('location', `${LIST}/${view.code}`).send(view);
    },
  );

  server.get(
    ONE,
    operation('getGlAccount', 'Get a line of the chart of accounts', {
      params: GlAccountParams,
      headers: IfNoneMatchHeaders,
      response: { 200: GlAccountSchema },
    }),
    async ({ params }, reply) => etagged(reply, await chart.get(params.code), glAccountView),
  );

  server.patch(
    ONE,
    operation('changeGlAccount', 'Change a line of the chart of accounts, or retire it', {
      params: GlAccountParams,
      headers: IfMatchHeaders,
      body: ChangeGlAccountRequest,
      response: { 200: GlAccountSchema },
      problems: PARENT_PROBLEMS,
    }),
    async (request, reply) => {
      const { caller, params, body } = request;
      const changed = await chart.change(caller, params.code, requireIfMatch(request), body);
      return etagged(reply, changed, glAccountView);
    },
  );
}
