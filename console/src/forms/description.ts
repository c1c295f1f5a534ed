/** What kind of value a field has: it decides how it is typed, read, sent and shown. */
export type Kind =
  | 'boolean'
  | 'choice'
  | 'constant'
  | 'country'
  | 'currency'
  | 'date'
  | 'decimal'
  | 'email'
  | 'enum'
  | 'group'
  | 'iban'
  | 'id'
  | 'instant'
  | 'integer'
  | 'json'
  | 'list'
  | 'longText'
  | 'money'
  | 'phone'
  | 'secret'
  | 'text'
  | 'texts';

/** A field of a request or an answer, as the document of the API describes it. */
export type Field = {
  readonly name: string;
  readonly kind: Kind;
  /** In English, as in the document. */
  readonly help?: string;
  readonly example?: string;
  readonly isRequired?: true;
  /** Whether null may be sent: it takes away what was set. */
  readonly isNullable?: true;
  /** Whether an amount may be below zero. */
  readonly isSigned?: true;
  /** Of an id: how ids of its kind begin. */
  readonly prefix?: string;
  /** Of an enum: what may be chosen. */
  readonly values?: readonly string[];
  /** The smallest and largest integer, or the shortest and longest text, or how many items a list has. */
  readonly least?: number;
  readonly most?: number;
  readonly pattern?: string;
  /** Of a group and a choice: which shape it has. */
  readonly shape?: string;
  /** Of a list: what each item is. */
  readonly item?: Field;
};

/** The fields of an object, or a choice between such, by the value of one field. */
export type Shape =
  | { readonly fields: readonly Field[] }
  | { readonly by: string; readonly alternatives: Readonly<Record<string, string>> };

export type Operation = {
  readonly id: string;
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  /** With its parameters in braces: `/v1/holds/{id}`. */
  readonly path: string;
  /** In English, as in the document. */
  readonly summary: string;
  readonly pathFields: readonly Field[];
  /** Without those that turn pages, choose a format and ask for a dry run. */
  readonly queryFields: readonly Field[];
  readonly isPaged?: true;
  /** Whether it can be tried out. */
  readonly hasDryRun?: true;
  /** Of its files, such as `pdf`, beside JSON. */
  readonly formats?: readonly string[];
  /** Whether a change names the version that it changes. */
  readonly ifMatch?: 'optional' | 'required';
  readonly body?: Field;
  /** What is answered: of a list, its items are below `data`. */
  readonly answer?: Field;
};

/** What the operations of one tag of the document take and answer. */
export type Descriptions = {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
};
