import { readFileSync } from 'node:fs';
import { ROLES } from '#lib/caller.ts';
import type { CustomerId } from '#lib/ids.ts';
import { SCOPES } from '#lib/scopes.ts';
import type { TestApi } from '#test/support/api.ts';
import type { Operation } from './operations.ts';

/** What docs/access.md promises, by operation: each cell as it is written there, by column. */
export const PROMISED: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  readFileSync(new URL('../../../docs/access.md', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `') && !line.includes('.'))
    .map((line) => {
      const [operation = '', ...cells] = line.split('|').slice(1, -1);
      const columns = [...ROLES, 'scope'].map((name, index) => [name, (cells[index] ?? '').trim()] as const);
      return [operation.trim().replaceAll('`', ''), new Map<string, string>(columns)] as const;
    }),
);

/** Somebody who may ask. */
export type Asking = { readonly name: string; readonly api: TestApi; readonly isAllowed: boolean };

/** A user of each role, and API keys with each scope, with all, and with all but one. */
export class Callers {
  readonly users: ReadonlyMap<string, TestApi>;
  readonly nobody: TestApi;
  readonly #withScopes: ReadonlyMap<string, TestApi>;

  private constructor(nobody: TestApi, users: Map<string, TestApi>, withScopes: Map<string, TestApi>) {
    this.nobody = nobody;
    this.users = users;
    this.#withScopes = withScopes;
  }

  static async of(api: TestApi, customerId: CustomerId): Promise<Callers> {
    const users = new Map<string, TestApi>();
    for (const role of ROLES) {
      users.set(role, await api.as(role, role === 'customer' ? customerId : undefined));
    }
    const withScopes = new Map([['all', await serviceWith(api, SCOPES)]]);
    for (const scope of SCOPES) {
      withScopes.set(scope, await serviceWith(api, [scope]));
      const others = SCOPES.filter((other) => other !== scope);
      withScopes.set(`all but ${scope}`, await serviceWith(api, others));
    }
    return new Callers(
      api.withToken(() => Promise.resolve(undefined)),
      users,
      withScopes,
    );
  }

  /** Every one who may ask, with whether the operation is promised to them. */
  asking({ id }: Operation): Asking[] {
    const cells = PROMISED.get(id);
    const scope = cells?.get('scope') ?? '-';
    const ofRoles = [...this.users].map(([role, api]) => ({
      name: role,
      api,
      isAllowed: (cells?.get(role) ?? '-') !== '-',
    }));
    const service = (scopes: string, isAllowed: boolean): Asking => ({
      name: `an API key with ${scopes}`,
      api: this.#withScopes.get(scopes) ?? this.nobody,
      isAllowed,
    });
    if (scope === '-') return [...ofRoles, service('all', isPublic(id))];
    return [...ofRoles, service(scope, true), service(`all but ${scope}`, false)];
  }
}

export function isPublic(operationId: string): boolean {
  return PROMISED.get(operationId)?.get('admin') === 'public';
}

/** The API for a service with an API key of these scopes. Its first use is written down, so it is used once. */
async function serviceWith(api: TestApi, scopes: readonly string[]): Promise<TestApi> {
  const operator = { actor: 'test', role: 'operator' } as const;
  const { token } = await api.bank.apiKeys.create(operator, { name: 'Test', scopes });
  await api.bank.apiKeys.verify(token);
  await api.bank.apiKeys.drain();
  return api.withToken(() => Promise.resolve(token));
}
