export { ensureFirstAdmin } from './first-admin.ts';
export type { UserService } from './service.ts';
export { userView } from './view.ts';
