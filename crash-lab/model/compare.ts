import type { HeardLine, Movement, PostingRow } from '../records.ts';
import type { Request } from './requests.ts';
import { minorOf, uuidOf } from './values.ts';

/** What must not be, each with the keys or entries it is about. */
export type Findings = {
  /** Acknowledged, and not in the journal. */
  readonly lost: string[];
  /** In the journal, or acknowledged as new, more than once. */
  readonly duplicated: string[];
  /** In the journal otherwise than it was asked for or answered. */
  readonly wrong: string[];
  /** In the journal, though the last word was that it did not happen. */
  readonly undenied: string[];
  /** In the journal, and nobody asked for it. */
  readonly unasked: string[];
  /** Nobody knows to the end. */
  readonly unsettled: string[];
  /** Answered as the bank never answers. */
  readonly broken: string[];
};

/** Compares what was asked and heard with what is in the journal: each acknowledged request once, and no other. */
export function compare(requests: ReadonlyMap<string, Request>, postings: readonly PostingRow[]): Findings {
  const findings: Findings = {
    lost: [],
    duplicated: [],
    wrong: [],
    undenied: [],
    unasked: [],
    unsettled: [],
    broken: [],
  };
  const byMark = Map.groupBy(postings, ({ mark }) => mark ?? '');
  const claimed = new Set<string>();
  const take = (mark: string): PostingRow[] => {
    claimed.add(mark);
    return byMark.get(mark) ?? [];
  };
  for (const request of requests.values()) {
    const { key, ask, ok, broken } = request;
    for (const { status, code } of broken) findings.broken.push(`${key}: ${status} ${code}`);
    if (ok.filter(({ replayed }) => replayed !== true).length > 1)
      findings.duplicated.push(`${key}, twice new`);
    if (ok.some((one) => !isSameAnswer(one, ok[0]))) findings.wrong.push(`${key}, answered differently`);
    if (ask.type === 'batch') {
      const marks = ask.items.map((item, index) => ({ item, rows: take(`${key}.${index}`) }));
      for (const [index, { item, rows }] of marks.entries()) {
        const result = ok[0]?.results?.[index];
        const id = ok.length === 0 ? undefined : result?.transactionId;
        judge(findings, request, { mark: `${key}.${index}`, rows, id, asked: item });
      }
    } else {
      judge(findings, request, { mark: key, rows: take(key), id: ok[0]?.id, asked: ask });
    }
  }
  for (const [mark, rows] of byMark) {
    if (!claimed.has(mark)) findings.unasked.push(...rows.map(({ entryId }) => `entry ${entryId} (${mark})`));
  }
  return findings;
}

type Asked = Movement | { readonly type: 'reversal'; readonly transactionId: string };

type Case = {
  readonly mark: string;
  readonly rows: readonly PostingRow[];
  /** Of the transaction that was acknowledged. */
  readonly id: string | undefined;
  readonly asked: Asked;
};

function judge(findings: Findings, request: Request, { mark, rows, id, asked }: Case): void {
  if (rows.length > 1) findings.duplicated.push(mark);
  const [row] = rows;
  if (id !== undefined) {
    if (row === undefined) findings.lost.push(mark);
    else if (row.entryId !== uuidOf(id) || !isAsAsked(row, asked) || !isAsAnswered(row, request.ok)) {
      findings.wrong.push(mark);
    }
    return;
  }
  const isDenied = request.ok.length > 0 || request.isRefused || request.unknown === 0;
  if (!isDenied) findings.unsettled.push(mark);
  else if (row !== undefined) findings.undenied.push(mark);
}

function isAsAsked(row: PostingRow, asked: Asked): boolean {
  if (asked.type === 'reversal') {
    return row.kind === 'reversal' && row.reverses === uuidOf(asked.transactionId);
  }
  if (row.kind !== asked.type || row.amountMinor !== minorOf(asked.amount)) return false;
  if (asked.type === 'transfer') {
    return row.debit === uuidOf(asked.fromAccountId) && row.credit === uuidOf(asked.toAccountId);
  }
  const account = uuidOf(asked.accountId);
  return asked.type === 'deposit'
    ? row.credit === account && row.debitSeq === null
    : row.debit === account && row.creditSeq === null;
}

/** The balance that was answered is that of one side after it. */
function isAsAnswered(row: PostingRow, ok: readonly HeardLine[]): boolean {
  const stated = ok[0]?.balanceAfter;
  if (stated === undefined) return true;
  return [row.debitBalanceMinor, row.creditBalanceMinor].includes(minorOf(stated));
}

function isSameAnswer(one: HeardLine, other: HeardLine | undefined): boolean {
  const factsOf = (line: HeardLine | undefined) =>
    JSON.stringify([line?.id, line?.balanceAfter, line?.results]);
  return factsOf(one) === factsOf(other);
}
