import { FlorinError } from '#lib/errors.ts';

/** What is wrong with a file, or with the row that ends on one of its lines. */
export type Problem = {
  readonly file: string;
  readonly line?: number | undefined;
  readonly message: string;
};

/** As many as fit a screen; after these a person wants to look at the file rather than at the list. */
const MAX_REPORTED = 20;

const IMPORT_FAILED = {
  status: 400,
  message: 'Nothing was imported.',
  action: 'Correct the files.',
} as const;

/**
 * 400 `import_failed`: at least one row cannot be loaded, so nothing was. `problems` holds the first of them,
 * each as `file:line: message`, in the order in which they were found.
 */
export class ImportFailedError extends FlorinError<'import_failed'> {
  readonly problems: readonly string[];
  /** All there were, those beyond the reported ones included. */
  readonly problemCount: number;

  constructor(reported: readonly Problem[], problemCount: number) {
    const problems = reported.map((problem) => `${placeOf(problem)}: ${problem.message}`);
    const rest = problemCount > 1 ? ` (and ${problemCount - 1} more)` : '';
    const fields = reported.map((problem) => ({ path: placeOf(problem), message: problem.message }));
    super('import_failed', IMPORT_FAILED, `Nothing was imported. ${problems[0] ?? ''}${rest}`, { fields });
    this.problems = problems;
    this.problemCount = problemCount;
  }
}

function placeOf({ file, line }: Problem): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** Collects problems, so that one run tells of many of them. */
export class Problems {
  readonly #reported: Problem[] = [];
  #count = 0;

  add(problem: Problem): void {
    this.#count += 1;
    if (this.#reported.length < MAX_REPORTED) this.#reported.push(problem);
  }

  /** The same problems, to be added to apart. */
  copy(): Problems {
    const copy = new Problems();
    copy.#reported.push(...this.#reported);
    copy.#count = this.#count;
    return copy;
  }

  /** Throws 400 `import_failed` if there is any. */
  throwIfAny(): void {
    if (this.#count > 0) throw new ImportFailedError(this.#reported, this.#count);
  }
}
