// API keys: how services authenticate, with scopes.

export type { ApiKeyView } from './schemas.ts';
