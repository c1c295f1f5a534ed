import { type AlterTableCmd, type AlterTableType, type Constraint, type Node, parse } from 'libpg-query';

/** The first line of a migration that runs without a transaction around it (db/load-migrations.ts). */
const OUTSIDE_A_TRANSACTION = '-- Outside a transaction.';

/** A comment right before a statement by which its author answers for it. The reason is for the reviewer. */
const ANSWERED_FOR = /--\s*Safe beside the version before: .{20,}/;

/** Changes of a table that keep nobody waiting and take nothing from the version before. */
const SHORT_CHANGES: readonly AlterTableType[] = [
  'AT_ColumnDefault',
  'AT_DropConstraint',
  'AT_DropNotNull',
  'AT_EnableRowSecurity',
  'AT_ResetRelOptions',
  'AT_SetOptions',
  'AT_SetRelOptions',
  'AT_SetStatistics',
  'AT_SetStorage',
  'AT_SetCompression',
];

/** What a DO block must not do to tables that are there; it may be in text that it puts together. */
const LONG_IN_A_BLOCK =
  /\b(add (column|constraint)|alter column|create (unique )?index|drop |rename |set not null|update |delete |truncate|lock )/i;

/** What is known of a file while its statements are looked at one by one. */
type File = { readonly isOutside: boolean; readonly made: Set<string>; readonly changed: Set<string> };

/**
 * What in a migration would keep a server of the version before waiting for longer than a moment, or take from it
 * what it uses. Judged by PostgreSQL's own parser; tables that the same file makes may be changed as one likes. A
 * comment `-- Safe beside the version before: …` with a reason lets the statement below it pass.
 */
export async function checkMigration(sql: string): Promise<string[]> {
  const isOutside = sql.startsWith(OUTSIDE_A_TRANSACTION);
  const file: File = { isOutside, made: new Set(), changed: new Set() };
  const problems: string[] = [];
  const bytes = Buffer.from(sql);
  let end = 0;
  for (const { stmt, stmt_location: start = 0, stmt_len: length } of (await parse(sql)).stmts ?? []) {
    const before = bytes.toString('utf8', end, start);
    end = length === undefined ? bytes.length : start + length;
    const found = stmt === undefined ? undefined : judge(stmt, file);
    if (found === undefined || ANSWERED_FOR.test(before)) continue;
    const [line = ''] = bytes.toString('utf8', start, end).trim().split('\n');
    problems.push(`${line}: ${found}`);
  }
  return problems;
}

/** Why a statement is refused; undefined when it is not. */
function judge(statement: Node, file: File): string | undefined {
  const isIndex =
    'IndexStmt' in statement || ('DropStmt' in statement && statement.DropStmt.removeType === 'OBJECT_INDEX');
  if (file.isOutside && !isIndex)
    return 'outside a transaction there are only indexes, dropped and made concurrently';
  if ('CreateStmt' in statement) {
    file.made.add(statement.CreateStmt.relation?.relname ?? '');
    return undefined;
  }
  if ('AlterTableStmt' in statement) return judgeAlterTable(statement.AlterTableStmt, file);
  if ('IndexStmt' in statement) return judgeIndex(statement.IndexStmt, file);
  if ('DropStmt' in statement) return judgeDrop(statement.DropStmt, file);
  if ('UpdateStmt' in statement) return judgeRows(statement.UpdateStmt.relation?.relname, file);
  if ('DeleteStmt' in statement) return judgeRows(statement.DeleteStmt.relation?.relname, file);
  if ('GrantStmt' in statement) {
    return statement.GrantStmt.is_grant === true
      ? undefined
      : 'the version before has this right, and may use it';
  }
  if ('DoStmt' in statement) {
    const found = LONG_IN_A_BLOCK.exec(JSON.stringify(statement.DoStmt))?.[0];
    return found === undefined ? undefined : `"${found.trim()}" in a block: write the statement by itself`;
  }
  if ('RenameStmt' in statement) return 'the version before uses the old name: add the new one beside it';
  const harmless = [
    'InsertStmt',
    'SelectStmt',
    'CreatePolicyStmt',
    'CommentStmt',
    'GrantRoleStmt',
    'CreateRoleStmt',
  ];
  if (harmless.some((kind) => kind in statement)) return undefined;
  return `nothing is known about a ${Object.keys(statement)[0]} beside the version before`;
}

function judgeRows(table: string | undefined, { made }: File): string | undefined {
  if (made.has(table ?? '')) return undefined;
  return 'its rows stay locked until all of them are done: fill them in small steps, by code';
}

type AlterTable = Extract<Node, { AlterTableStmt: unknown }>['AlterTableStmt'];

function judgeAlterTable({ relation, cmds = [] }: AlterTable, file: File): string | undefined {
  const table = relation?.relname ?? '';
  if (file.made.has(table)) return undefined;
  for (const node of cmds) {
    const found =
      'AlterTableCmd' in node ? judgeChange(node.AlterTableCmd, file.changed.has(table)) : undefined;
    if (found !== undefined) return found;
    const isValidation = 'AlterTableCmd' in node && node.AlterTableCmd.subtype === 'AT_ValidateConstraint';
    if (!isValidation) file.changed.add(table);
  }
  return undefined;
}

function judgeChange({ subtype, def }: AlterTableCmd, isChangedBefore: boolean): string | undefined {
  if (subtype === undefined || SHORT_CHANGES.includes(subtype)) return undefined;
  switch (subtype) {
    case 'AT_AddColumn':
      return def !== undefined && 'ColumnDef' in def
        ? judgeColumn(constraintsOf(def.ColumnDef.constraints))
        : undefined;
    case 'AT_AddConstraint':
      return def !== undefined && 'Constraint' in def ? judgeConstraint(def.Constraint) : undefined;
    case 'AT_ValidateConstraint':
      return isChangedBefore
        ? 'a validation reads all rows under the lock of the change before it: a migration of its own'
        : undefined;
    case 'AT_SetNotNull':
      return 'all rows are read under an exclusive lock: a check (… is not null) not valid, which is validated later';
    case 'AT_AlterColumnType':
      return 'the table is written anew under an exclusive lock: a new column, filled by code';
    case 'AT_DropColumn':
      return 'the version before uses the column: one version stops using it, the next drops it';
    default:
      return `nothing is known about ${subtype} beside the version before`;
  }
}

function constraintsOf(nodes: readonly Node[] = []): Constraint[] {
  return nodes.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

function judgeColumn(constraints: readonly Constraint[]): string | undefined {
  const defaultValue = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr;
  for (const constraint of constraints) {
    if (constraint.contype === 'CONSTR_NULL' || constraint.contype === 'CONSTR_DEFAULT') continue;
    if (constraint.contype !== 'CONSTR_NOTNULL') {
      return 'the whole table is read or written under an exclusive lock: add the column first, and its constraint not valid';
    }
    if (defaultValue === undefined)
      return 'the version before inserts rows without the column: it needs a default';
  }
  if (defaultValue === undefined || isConstant(defaultValue)) return undefined;
  return 'a default that is computed may write every row anew: a constant one';
}

function isConstant(value: Node): boolean {
  if ('A_Const' in value) return true;
  if ('TypeCast' in value) return value.TypeCast.arg !== undefined && isConstant(value.TypeCast.arg);
  return 'A_ArrayExpr' in value && (value.A_ArrayExpr.elements ?? []).every(isConstant);
}

function judgeConstraint({ contype, skip_validation, indexname }: Constraint): string | undefined {
  if (contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY') {
    return indexname === undefined
      ? 'its index is built under an exclusive lock: make it concurrently, then `using index`'
      : undefined;
  }
  if (skip_validation === true) return undefined;
  return 'all rows are read under a lock: not valid, and validated in a later migration';
}

type Index = Extract<Node, { IndexStmt: unknown }>['IndexStmt'];

function judgeIndex({ relation, concurrent }: Index, { made, isOutside }: File): string | undefined {
  if (made.has(relation?.relname ?? '') || (concurrent === true && isOutside)) return undefined;
  return `nobody writes to the table while the index is built: concurrently, in a file that begins with "${OUTSIDE_A_TRANSACTION}"`;
}

type Drop = Extract<Node, { DropStmt: unknown }>['DropStmt'];

function judgeDrop({ removeType, concurrent, missing_ok }: Drop, { isOutside }: File): string | undefined {
  if (removeType !== 'OBJECT_INDEX')
    return 'the version before uses it: one version stops using it, the next drops it';
  if (concurrent === true && missing_ok === true && isOutside) return undefined;
  return `concurrently if exists, in a file that begins with "${OUTSIDE_A_TRANSACTION}"`;
}
