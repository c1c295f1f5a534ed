import type { Role } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import type { StoredUser } from './repository.ts';
import type { StoredSession } from './session-repository.ts';
import type { UserStatus } from './user.ts';

/** A user as the API and the CLI show it: nothing of what proves who it is. */
export type UserView = {
  id: string;
  email: string;
  name: string;
  role: Role;
  customerId: string | null;
  status: UserStatus;
  totpEnabled: boolean;
  createdAt: string;
  updatedAt: string;
};

export function userView(user: StoredUser): UserView {
  return {
    id: toTypeId('user', user.id),
    email: user.email,
    name: user.name,
    role: user.role,
    customerId: user.customerId === undefined ? null : toTypeId('customer', user.customerId),
    status: user.status,
    totpEnabled: user.hasTotp,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}

export type SessionView = {
  id: string;
  address: string | null;
  userAgent: string | null;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
};

export function sessionView(session: StoredSession): SessionView {
  return {
    id: toTypeId('session', session.id),
    address: session.address ?? null,
    userAgent: session.userAgent ?? null,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}
