// Users: roles, passwords and second factors, logins and sessions.

export { ensureFirstAdmin } from './first-admin.ts';
export { rotateTotpSecrets } from './rotate-totp.ts';
