/** Fields of a resource by name, as its view shows them. */
export type Fields = Readonly<Record<string, unknown>>;
