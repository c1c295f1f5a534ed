/** On whose behalf something is done. Idempotency keys and journal entries belong to the actor. */
export type Caller = { readonly actor: string };
