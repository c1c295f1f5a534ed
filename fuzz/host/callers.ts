import type { Services } from '#bank/services.ts';
import { ROLES, type Role } from '#lib/caller.ts';
import { FlorinError } from '#lib/errors.ts';
import { type CustomerId, toTypeId } from '#lib/ids.ts';
import { SCOPES } from '#lib/scopes.ts';
import { login, newUser, sessionOf } from '#test/database/identity/users/staff.ts';
import { TEST_CALLER } from '#test/support/bank.ts';

/** Below the ten minutes that a token lives. */
const TOKEN_USE_MS = 4 * 60_000;

/** The callers: a user of each role, an API key for everything, one that only reads, and nobody. */
export const CALLERS = [...ROLES, 'service', 'reader', 'nobody'] as const;
export type CallerName = (typeof CALLERS)[number];

type Login = Awaited<ReturnType<typeof logIn>>;

/** The callers' tokens, each renewed before it expires, and when a request has ended its own user or login. */
export class Callers {
  /** Ids that no request may name: users, sessions and keys of the callers themselves. */
  readonly spared = new Set<string>();
  readonly #services: Services;
  readonly #customerId: CustomerId;
  readonly #logins = new Map<Role, Login>();
  readonly #tokens = new Map<string, { readonly token: string; readonly sinceMs: number }>();

  constructor(services: Services, customerId: CustomerId) {
    this.#services = services;
    this.#customerId = customerId;
  }

  async tokenOf(name: CallerName): Promise<string | undefined> {
    if (name === 'nobody') return undefined;
    const known = this.#tokens.get(name);
    if (known !== undefined && performance.now() - known.sinceMs < TOKEN_USE_MS) return known.token;
    const token = await this.#makeToken(name);
    this.#tokens.set(name, { token, sinceMs: performance.now() });
    return token;
  }

  /** The caller's token is no longer accepted: the next one is of another user or key. */
  forget(name: CallerName): void {
    this.#tokens.delete(name);
    if (name !== 'nobody' && name !== 'service' && name !== 'reader') this.#logins.delete(name);
  }

  async #makeToken(name: Exclude<CallerName, 'nobody'>): Promise<string> {
    const { apiKeys, accessTokens } = this.#services;
    if (name === 'service' || name === 'reader') {
      const scopes = name === 'service' ? SCOPES : SCOPES.filter((scope) => scope.endsWith(':read'));
      const { token, key } = await apiKeys.create(TEST_CALLER, { name: 'Fuzz', scopes });
      this.spared.add(toTypeId('apiKey', key.state.id));
      return token;
    }
    const known = this.#logins.get(name) ?? (await logIn(this.#services, name, this.#customerId));
    this.#logins.set(name, known);
    this.spared.add(toTypeId('user', known.userId));
    this.spared.add(toTypeId('session', known.sessionId));
    const { token } = await accessTokens.issue(known);
    return token;
  }
}

/** A customer who is reported dead gets no login: other requests report that and withdraw it at any time. */
const MAX_DEATHS = 100;

async function makeUser(services: Services, role: Role, customerId: CustomerId | undefined) {
  if (customerId === undefined) return newUser(services, { role });
  for (let death = 1; ; death++) {
    try {
      return await newUser(services, { role, customerId });
    } catch (error) {
      const isDead = error instanceof FlorinError && error.code === 'customer_deceased';
      if (!isDead || death === MAX_DEATHS) throw error;
      const withdrawn = services.customers.withdrawDeathReport(TEST_CALLER, customerId, 'They are well.');
      await withdrawn.catch(() => undefined);
    }
  }
}

async function logIn(services: Services, role: Role, customer: CustomerId) {
  const customerId = role === 'customer' ? customer : undefined;
  const user = await makeUser(services, role, customerId);
  return { ...sessionOf(await login(services, user)), role, customerId };
}
