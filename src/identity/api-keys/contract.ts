// API keys: how services authenticate, with scopes.

export type { NewApiKey } from './api-key.ts';
export type { ApiKeyService } from './service.ts';
export type { ApiKeyView } from './view.ts';
export { apiKeyView } from './view.ts';
