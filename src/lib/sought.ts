/** Rows of a list that was not looked through to its end, and the place of the last one that was looked at. */
export type Sought<Row, Place> = {
  readonly rows: readonly Row[];
  readonly soughtThrough: Place | undefined;
};
