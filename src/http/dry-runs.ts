import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify';
import { type TObject, type TProperties, type TSchema, Type } from 'typebox';
import { isObject, type JsonObject } from '#lib/json-object.ts';
import { CapturedReply } from './captured-reply.ts';
import { flag } from './fields.ts';
import type { HttpServer } from './http-server.ts';
import { closedObject, resource } from './schemas.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /** What a dry run of the operation answers. */
    preview?: JsonObject;
    /** The handler itself, where that of the route looks first whether it is a dry run. */
    bareHandler?: RouteHandlerMethod;
  }
}

/** How requests are tried out, and which. */
export type DryRuns = {
  readonly isOffered: (operation: string) => boolean;
  /** What a preview has beside the result, and whose the fields are. */
  readonly fields: TProperties;
  /**
   * Does the work and takes it back: returns its result, and with it what it would have changed. Throws what the work
   * throws.
   */
  readonly run: <Result>(request: FastifyRequest, work: () => Promise<Result>) => Promise<Preview<Result>>;
};

export type Preview<Result> = { readonly result: Result } & Readonly<Record<string, unknown>>;

const DRY_RUN = flag(
  'Whether to do all of it and take it back: the answer is what would have happened. No Idempotency-Key is needed, and none is used.',
);

/**
 * From here on an operation that offers it takes `dryRun=true` in its query: the same handler runs in a transaction that is
 * rolled back, and the answer is 200 with a preview. What it is refused for is the same. A route that does not offer it
 * refuses the parameter, as it refuses every query it does not know: nobody moves money by a preview that there is not.
 * Call before addKeyedRequests and the routes.
 */
export function addDryRuns(server: HttpServer, { isOffered, fields, run }: DryRuns): void {
  const previews = new Map<string, JsonObject>();
  server.addHook('onRoute', (route) => {
    if (!isOffered(route.schema?.operationId ?? '')) return;
    const answer = answerOf(route);
    const name = `${answer.title}DryRun`;
    const preview = previews.get(name) ?? previewSchema(name, answer, fields);
    previews.set(name, preview);
    const { handler } = route;
    route.schema = { ...route.schema, querystring: withDryRun(route.schema?.querystring) };
    route.config = { ...route.config, preview, bareHandler: handler };
    route.handler = function (request, reply) {
      if (!isDryRun(request)) return handler.call(this, request, reply);
      const captured = new CapturedReply();
      const work = async (): Promise<unknown> =>
        captured.resultOf(await handler.call(this, withFreshKey(request), captured.asReply()));
      return run(request, work).then((shown) => sendPreview(reply, preview, shown));
    };
  });
}

/** Not by the schemas of the route, whose 200 may be another answer. */
function sendPreview(reply: FastifyReply, preview: JsonObject, shown: Preview<unknown>): FastifyReply {
  const serialize = reply.compileSerializationSchema(preview);
  return reply.type('application/json; charset=utf-8').serializer(serialize).send(shown);
}

/** Whether a request asks for a dry run, where its route offers one. */
export function isDryRun({ query, routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.preview !== undefined && isObject(query) && query.dryRun === true;
}

function previewSchema(name: string, answer: TSchema, fields: TProperties): JsonObject {
  const description = 'What a call would have done and answered: nothing of it was kept.';
  return { ...resource(name, description, { result: answer, ...fields }) };
}

/** What the route answers when it is done. */
function answerOf({ schema }: RouteOptions): TSchema & { readonly title: string } {
  const responses: Readonly<Record<string, unknown>> = { ...(schema?.response as object | undefined) };
  const [answer] = Object.entries(responses).flatMap(([status, one]) =>
    status.startsWith('2') ? [one] : [],
  );
  if (!isObject(answer) || typeof answer.title !== 'string') {
    throw new TypeError(`${schema?.operationId} offers a dry run, and its answer has no name.`);
  }
  return { ...answer, title: answer.title };
}

function withDryRun(query: unknown): TObject {
  const properties = isObject(query) && isObject(query.properties) ? (query.properties as TProperties) : {};
  return closedObject({ ...properties, dryRun: Type.Optional(DRY_RUN) });
}

/** The request under a key that nobody has, whichever came with it: a dry run repeats nothing and uses up nothing. */
function withFreshKey(request: FastifyRequest): FastifyRequest {
  const headers = { ...request.raw.headers, 'idempotency-key': randomUUID() };
  const raw = Object.create(request.raw, { headers: { value: headers } });
  return Object.create(request, { headers: { value: headers }, raw: { value: raw } });
}
