/** Rows that are read at once. */
const PAGE = 100;
/** Rows of one kind: years of a busy account. More makes no page that anybody reads, and is said in `cutOff`. */
const MAX_ROWS = 10_000;

/** The rows of a part, as they are shown. */
export type Collected<Row> = { readonly rows: Row[]; readonly isCutOff: boolean };

/** All rows of a list, up to MAX_ROWS. */
export async function pages<Row, Place>(
  read: (after: Place | undefined, limit: number) => Promise<Row[]>,
  placeOf: (row: Row) => Place,
): Promise<Collected<Row>> {
  const rows: Row[] = [];
  let after: Place | undefined;
  while (rows.length < MAX_ROWS) {
    const page = await read(after, PAGE);
    rows.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { rows, isCutOff: false };
    after = placeOf(last);
  }
  return { rows, isCutOff: true };
}

/** The rows of several lists, one after the other. */
export async function each<Item, Row>(
  items: readonly Item[],
  collect: (item: Item) => Promise<Collected<Row>>,
): Promise<Collected<Row>> {
  const all: Collected<Row>[] = [];
  for (const item of items) all.push(await collect(item));
  return { rows: all.flatMap(({ rows }) => rows), isCutOff: all.some(({ isCutOff }) => isCutOff) };
}

/** What there is one of for each item. */
export function one<Item, Row>(
  items: readonly Item[],
  read: (item: Item) => Promise<Row>,
): Promise<Collected<Row>> {
  return each(items, async (item) => whole([await read(item)]));
}

/** Rows that are all there. */
export function whole<Row>(rows: Row[]): Collected<Row> {
  return { rows, isCutOff: false };
}

/** The rows as they are shown. */
export function shown<Row, View>(
  { rows, isCutOff }: Collected<Row>,
  view: (row: Row) => View,
): Collected<View> {
  return { rows: rows.map(view), isCutOff };
}
