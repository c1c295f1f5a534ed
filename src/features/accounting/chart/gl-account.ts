import type { AccountClass } from '#ledger/trial-balance.ts';
import { checkAll } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import { cleanName, optional } from '#lib/text.ts';
import { accountingError } from '../errors.ts';
import { isBuiltIn } from './built-in-lines.ts';

export const ACCOUNT_CLASSES = ['asset', 'liability', 'equity', 'income', 'expense'] as const;

const MAX_NAME_LENGTH = 100;
/** A detailed chart of a large bank has some hundred lines; all of them come in one answer. */
const MAX_LINES = 1_000;
/** Deeper than any report is indented. */
const MAX_DEPTH = 6;
const CODE = /^[0-9]{1,10}$/;

/** A line of the chart of accounts. */
export type GlAccount = {
  readonly code: string;
  readonly name: string;
  readonly class: AccountClass;
  /** The code of the group above it. */
  readonly parent?: string | undefined;
  /** Whether others name it as their parent: nothing is posted to it. */
  readonly isGroup: boolean;
  readonly manualPosting: boolean;
  readonly control: boolean;
  readonly retired: boolean;
  readonly version: number;
};

export type NewGlAccount = Pick<GlAccount, 'code' | 'name' | 'class'> & {
  readonly parent?: string | undefined;
  /** Yes if not given, but for a control line. */
  readonly manualPosting?: boolean | undefined;
  readonly control?: boolean | undefined;
};

/** `parent: null` takes the line out of its group. */
export type GlAccountChanges = {
  readonly name?: string;
  readonly class?: AccountClass;
  readonly parent?: string | null;
  readonly manualPosting?: boolean;
  readonly retired?: boolean;
};

/** The lines with ledger accounts of the bank, and those of customers' accounts. */
export type UsedLines = { readonly posted: ReadonlySet<string>; readonly ofProducts: ReadonlySet<string> };

/** All lines of a book, and the rules for making and changing one. */
export class Chart {
  readonly #lines: ReadonlyMap<string, GlAccount>;
  readonly #used: UsedLines;

  constructor(lines: readonly GlAccount[], used: UsedLines) {
    this.#lines = new Map(lines.map((line) => [line.code, line]));
    this.#used = used;
  }

  /**
   * A new line. Throws 400 `validation_failed`, 409 `gl_account_exists`, `gl_account_in_use` for a parent that is
   * posted to, 422 `unknown_gl_account`, `gl_class_differs`, `gl_control_line`, `chart_full`.
   */
  add({ parent, manualPosting, control = false, ...given }: NewGlAccount): GlAccount {
    const { code, name } = checkAll({
      code: () => cleanCode(given.code),
      name: () => cleanName(given.name, 'name', MAX_NAME_LENGTH),
    });
    if (this.#lines.has(code)) throw accountingError('gl_account_exists');
    if (this.#lines.size >= MAX_LINES) throw accountingError('chart_full', { max: MAX_LINES });
    if (control && manualPosting === true) throw controlLine(code, 'manualPosting');
    const line = {
      code,
      name,
      class: given.class,
      parent,
      isGroup: false,
      manualPosting: manualPosting ?? !control,
      control,
      retired: false,
      version: 1,
    };
    if (parent !== undefined) this.#checkParent(line, parent);
    return line;
  }

  /**
   * The line with what is given of it changed. Throws 400 `validation_failed` for no change and for a group below
   * itself, 409 `gl_account_in_use` for another class of a line that was used, 422 as add.
   */
  change(line: GlAccount, changes: GlAccountChanges): GlAccount {
    if (Object.keys(changes).length === 0) {
      throw validationFailed({ path: 'body', message: 'must change something of the line' });
    }
    const { parent = line.parent, ...rest } = changes;
    const name = optional(changes.name, (text) => cleanName(text, 'name', MAX_NAME_LENGTH)) ?? line.name;
    const changed = { ...line, ...rest, name, parent: parent ?? undefined, version: line.version + 1 };
    const { code } = line;
    if (changed.class !== line.class && (line.isGroup || this.#isPostedTo(code))) {
      throw accountingError('gl_account_in_use', { code, why: 'was used, and keeps its class' });
    }
    if (changed.control && changes.manualPosting === true) throw controlLine(code, 'manualPosting');
    if (changed.retired && !line.retired) this.#checkNotNeeded(line);
    if (changed.parent !== undefined) this.#checkParent(changed, changed.parent);
    return changed;
  }

  /** Whether the line stays a group without one of the lines below it. */
  hasOthersBelow(code: string, without: string): boolean {
    return [...this.#lines.values()].some((line) => line.parent === code && line.code !== without);
  }

  #isPostedTo(code: string): boolean {
    return isBuiltIn(code) || this.#used.posted.has(code) || this.#used.ofProducts.has(code);
  }

  #checkNotNeeded({ code, isGroup }: GlAccount): void {
    if (isGroup) throw accountingError('gl_account_in_use', { code, why: 'is a group of others' });
    if (isBuiltIn(code) || this.#used.ofProducts.has(code)) {
      throw accountingError('gl_account_in_use', { code, why: 'is used by the bank itself' });
    }
  }

  #checkParent(line: GlAccount, parentCode: string): void {
    const parent = this.#lines.get(parentCode);
    const fields = [{ path: 'parent', message: 'must be a group, or a line that nothing is posted to' }];
    if (parent === undefined) throw accountingError('unknown_gl_account', { code: parentCode, fields });
    if (!parent.isGroup && this.#isPostedTo(parentCode)) {
      throw accountingError('gl_account_in_use', { code: parentCode, why: 'is posted to', fields });
    }
    if (parent.class !== line.class) {
      const differs = [{ path: 'parent', message: `must be of the class ${line.class}` }];
      throw accountingError('gl_class_differs', { parent: parentCode, fields: differs });
    }
    let depth = 1;
    for (let above: GlAccount | undefined = parent; above !== undefined; depth += 1) {
      if (above.code === line.code) {
        throw validationFailed({ path: 'parent', message: 'must not be the line itself or below it' });
      }
      if (depth > MAX_DEPTH) {
        throw validationFailed({ path: 'parent', message: `must be at most ${MAX_DEPTH} groups deep` });
      }
      above = above.parent === undefined ? undefined : this.#lines.get(above.parent);
    }
  }
}

function cleanCode(code: string): string {
  if (!CODE.test(code)) throw validationFailed({ path: 'code', message: 'must be 1 to 10 digits' });
  return code;
}

/** 422 `gl_control_line` with the field that asks for it. */
function controlLine(code: string, path: string) {
  return accountingError('gl_control_line', {
    code,
    fields: [{ path, message: `${code} is a control line` }],
  });
}
