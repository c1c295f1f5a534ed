import { acts, type Resource, whileIn } from '../resource.ts';

export const PEOPLE: readonly Resource[] = [
  {
    name: 'users',
    area: 'people',
    list: 'listUsers',
    columns: ['name', 'email', 'role', 'status', 'totpEnabled', 'createdAt'],
    record: 'getUser',
    starts: acts('createUser'),
    acts: [
      ...acts('changeUser'),
      whileIn('disableUser', 'active'),
      whileIn('enableUser', 'disabled'),
      ...acts('resetUser'),
    ],
  },
  {
    name: 'login-policy',
    area: 'people',
    record: 'getLoginPolicy',
    acts: acts('setLoginPolicy'),
  },
  {
    name: 'role-limits',
    area: 'people',
    record: 'listRoleLimits',
    acts: [{ operation: 'setRoleLimits', prefill: 'fallback' }],
  },
  {
    name: 'api-keys',
    area: 'people',
    list: 'listApiKeys',
    columns: ['name', 'prefix', 'createdBy', 'lastUsedAt', 'expiresAt', 'revokedAt'],
    record: 'getApiKey',
    starts: acts('createApiKey'),
    acts: acts('rotateApiKey', 'revokeApiKey'),
  },
  {
    name: 'audit-log',
    area: 'people',
    list: 'listAuditLog',
    columns: ['at', 'actor', 'role', 'action', 'resourceId', 'outcome', 'outcomeCode'],
  },
];
