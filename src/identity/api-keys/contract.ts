// API keys: how services authenticate, with scopes.

export type { ApiKeyView } from './view.ts';
export { apiKeyView } from './view.ts';
