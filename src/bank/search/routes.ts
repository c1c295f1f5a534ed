import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Services } from '../services.ts';
import { readQuestion } from './read-question.ts';
import { HIT_TYPES, type HitType, SearchAnswerSchema, SearchQuery } from './schemas.ts';
import { search } from './search.ts';

const operation = operationsOf('Search');

/** One box for whatever somebody has in hand. */
export function registerSearchRoutes(server: HttpServer, services: Services): void {
  server.get(
    '/v1/search',
    operation('search', 'Find customers, accounts, payments and loans by whatever is known of them', {
      querystring: SearchQuery,
      response: { 200: SearchAnswerSchema },
    }),
    async ({ caller, query }) => {
      const question = readQuestion(query.q);
      const types = query.types === undefined ? undefined : readTypes(query.types);
      const data = await search({ services, caller, question }, types);
      return { data, hint: (data.length === 0 ? question.ibanFault : undefined) ?? null };
    },
  );
}

function readTypes(text: string): ReadonlySet<HitType> {
  return new Set(
    text.split(',').map((name) => {
      const type = HIT_TYPES.find((one) => one === name.trim());
      if (type === undefined) {
        throw validationFailed({ path: 'types', message: `must be some of ${HIT_TYPES.join(', ')}` });
      }
      return type;
    }),
  );
}
