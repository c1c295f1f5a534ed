/** The files of the data set, by the name under which their rows are kept and point to each other. */
export type RowName =
  | 'district'
  | 'client'
  | 'account'
  | 'disposition'
  | 'order'
  | 'loan'
  | 'card'
  | 'transaction';

/** A row that another row points to. */
export type Link = { readonly to: RowName; readonly id: string };

/** How the rows of one file are read. The first column is the row's id. */
export type RowType<Column extends string, Value> = {
  readonly name: RowName;
  readonly columns: readonly Column[];
  /** The meaning of a row's texts. Throws FieldError. */
  readonly read: (texts: Readonly<Record<Column, string>>) => Value;
  /** The rows of other files that must exist for this one to make sense. */
  readonly links: (value: Value) => readonly Link[];
};

/** A row that was read, and where it stands. */
export type Row<Value> = {
  readonly file: string;
  readonly line: number;
  readonly id: string;
  /** All its texts as they were, as a JSON object by column. */
  readonly content: string;
  readonly value: Value;
};
