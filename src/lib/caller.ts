import { commonError, notFound } from './errors.ts';
import type { AccountId, CustomerId, SessionId } from './ids.ts';
import type { Money } from './money/money.ts';

/** The roles of users. The table of access says what each may do. */
export const ROLES = ['admin', 'manager', 'teller', 'loan-officer', 'auditor', 'customer'] as const;
export type Role = (typeof ROLES)[number];

/** What a user must do before anything else: change the password, or enrol a second factor. */
export const RESTRICTIONS = ['password_change', 'second_factor'] as const;
export type Restriction = (typeof RESTRICTIONS)[number];

/** What an API key is confined to, beside its scopes. What is not given confines nothing. */
export type KeyBounds = {
  readonly accounts?: readonly AccountId[] | undefined;
  readonly customers?: readonly CustomerId[] | undefined;
  /** The largest amount of one operation. */
  readonly largest?: Money | undefined;
  /** The networks from which it may be used (CIDR). */
  readonly networks?: readonly string[] | undefined;
};

/** Seals an address so that nobody can read it once the customer is erased. */
export type SealAddress = (address: string) => string | undefined;

/**
 * On whose behalf something is done. Idempotency keys and journal entries belong to the actor: a user's or API key's
 * TypeID, or `cli`, `demo`, `import` for work that does not go through the API.
 */
export type Caller = {
  readonly actor: string;
  /**
   * `service`: an API key, limited to its scopes. `operator`: whoever has the database itself, and so may do
   * everything.
   */
  readonly role: Role | 'service' | 'operator';
  /** Of an API key: the operations it was made for. */
  readonly scopes?: readonly string[];
  readonly bounds?: KeyBounds;
  /** Of a customer's user: the customer whose accounts are theirs. */
  readonly customerId?: CustomerId;
  /** Of a user: the login. */
  readonly sessionId?: SessionId;
  /** Of a user: what must be done about the own login before anything else. */
  readonly restriction?: Restriction;
  /** For the audit trail: where the request came from, and its id. */
  readonly address?: string;
  /** Of a customer's user: the address as the trail keeps it; undefined where the customer is gone. */
  readonly sealAddress?: SealAddress;
  readonly requestId?: string;
};

/**
 * The only customer whose data the caller may see; undefined for those who serve every customer. Throws 403 `forbidden`
 * for a customer's user without a customer.
 */
export function ownCustomerOf({ role, customerId }: Caller): CustomerId | undefined {
  if (role !== 'customer') return undefined;
  if (customerId === undefined) throw commonError('forbidden');
  return customerId;
}

/** Throws 404 `not_found` for a customer's user and another customer than its own. */
export function assertReachesCustomer(caller: Caller, customerId: CustomerId): void {
  const own = ownCustomerOf(caller);
  if (own !== undefined && own !== customerId) throw notFound();
}
