/** An act on a record or a row, or one that stands above a list. */
export type ActSpec = {
  readonly operation: string;
  /** Where in the record the values are that its form starts with, such as `terms`; a change starts with the record. */
  readonly prefill?: string;
  /** It is offered for records with one of these values alone. */
  readonly when?: { readonly field: string; readonly is: readonly string[] };
};

/** Another resource that belongs to a record: its parameters by the fields of the record. */
export type Related = {
  readonly resource: string;
  readonly by: Readonly<Record<string, string>>;
};

/** A kind of thing that the bank has: its list, its record, and what can be done with it. */
export type Resource = {
  /** In the address: `/resources/holds`. */
  readonly name: string;
  /** A group of the menu. */
  readonly area: Area;
  /** The operation that lists it. */
  readonly list?: string;
  /** Fields of a row, dotted where they are in a group; the first is the link to the record. */
  readonly columns?: readonly string[];
  /** The operation that answers one of them. */
  readonly record?: string;
  /** A screen made by hand that shows the record: `/accounts/$id`. */
  readonly screen?: '/accounts/$id' | '/customers/$id' | '/loans/$id' | '/transactions/$id';
  /** Where its list has no record of its own: the list that a row opens. */
  readonly opens?: string;
  /** Above the list. */
  readonly starts?: readonly ActSpec[];
  /** On each row. */
  readonly rowActs?: readonly ActSpec[];
  /** On the record. */
  readonly acts?: readonly ActSpec[];
  readonly related?: readonly Related[];
};

export const AREAS = [
  'customers',
  'accounts',
  'payments',
  'products',
  'loans',
  'accounting',
  'bank',
  'people',
] as const;
export type Area = (typeof AREAS)[number];

/** Acts of which no more is to be said than which they are. */
export function acts(...operations: readonly string[]): ActSpec[] {
  return operations.map((operation) => ({ operation }));
}

/** An act that is offered while a record is in one of these states. */
export function whileIn(operation: string, ...is: readonly string[]): ActSpec {
  return { operation, when: { field: 'status', is } };
}

/** A resource that belongs to a record by its id. */
export function byId(resource: string): Related {
  return { resource, by: { id: 'id' } };
}

/** A list that is filtered for a record, by the name of the parameter that takes the record's id. */
export function filteredBy(parameter: string, resource: string): Related {
  return { resource, by: { [parameter]: 'id' } };
}
