import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROJECT_FOLDER, testHome } from '#test/support/test-home.ts';
import { describeTimes, TIMES_VARIABLE } from './processor-time.ts';

const ALL_TESTS = ['test/unit', 'test/database', 'test/system'];

/** Flags under which each file is a process of its own, as `node --test` does it without us. */
const OWN_PROCESSES =
  /^--(watch|inspect|test-(name-pattern|skip-pattern|only|isolation|shard|tag-filter|randomize|random-seed|rerun))/;

/** The flag for a report of processor time. */
const TIMES = '--times';

/** Processes at a time with files of test/system: they wait for servers and deadlines more than they work. */
const SYSTEM_LANES = 4;

/** How to run Node: its arguments, and the options of the process. */
export type Plan = {
  readonly nodeArgs: readonly string[];
  readonly options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
};

/**
 * Plans the runs of test files, folders and globs, of all tests without any; arguments that start with a dash go to
 * `node --test` (write values as --name=value). None when there is no such file.
 *
 * The files of test/unit share one process, those of test/database one for each core: to start Node, load all of
 * the bank and build its API takes longer than the tests of a file. All others have a process each, in a run of
 * their own: what they start would disturb the races.
 *
 * With --times the files run one at a time, and a table of the processor time of each is printed at the end.
 */
export function planTests(args: readonly string[]): Plan[] {
  const isTimed = args.includes(TIMES);
  const flags = args.filter((arg) => arg.startsWith('-') && arg !== TIMES);
  const wanted = args.filter((arg) => !arg.startsWith('-'));
  const files = findFiles(wanted.length > 0 ? wanted : ALL_TESTS);
  const times = path.join(testHome(), `times-${process.pid}`);
  if (isTimed) reportAtEnd(times);
  const runFolder = openRunFolder(path.join(testHome(), 'runs'));
  const isApart = files.length === 1 || flags.some((flag) => OWN_PROCESSES.test(flag));
  const runs = isApart ? [files] : [files.filter(isShared), files.filter((file) => !isShared(file))];
  return runs
    .filter((run) => run.length > 0)
    .map((run) => ({
      nodeArgs: [
        ...(isTimed && (isApart || !run.every(isShared)) ? [`--import=${fileOf('./time-process.ts')}`] : []),
        `--test-concurrency=${isTimed ? 1 : Math.max(...run.map(lanesOf))}`,
        ...nodeArguments(run, flags, isApart ? run : shareProcesses(run, runFolder)),
      ],
      options: {
        cwd: PROJECT_FOLDER,
        env: {
          ...process.env,
          NODE_COMPILE_CACHE: path.join(testHome(), 'compiled'),
          ...(isTimed ? { [TIMES_VARIABLE]: times } : {}),
        },
      },
    }));
}

function nodeArguments(files: readonly string[], flags: readonly string[], run: readonly string[]): string[] {
  const isReported = flags.some((flag) => flag.startsWith('--test-reporter') || flag === '--watch');
  const needsDatabase = files.some((file) => !isUnit(file));
  return [
    '--test',
    ...(needsDatabase ? [`--test-global-setup=${fileOf('../support/global-setup.ts')}`] : []),
    ...(isReported ? [] : reporters()),
    ...flags,
    ...run,
  ];
}

function findFiles(patterns: readonly string[]): string[] {
  const files = patterns.flatMap((pattern) => {
    const isFolder = statSync(path.resolve(PROJECT_FOLDER, pattern), {
      throwIfNoEntry: false,
    })?.isDirectory();
    return globSync(isFolder === true ? path.join(pattern, '**/*.test.ts') : pattern, {
      cwd: PROJECT_FOLDER,
    });
  });
  const found = files.map((file) => path.relative(PROJECT_FOLDER, path.resolve(PROJECT_FOLDER, file)));
  return [...new Set(found)].sort();
}

function isUnit(file: string): boolean {
  return file.startsWith('test/unit/');
}

function isOfDatabase(file: string): boolean {
  return file.startsWith('test/database/');
}

/** Whether a file may share its process with others. */
function isShared(file: string): boolean {
  return isUnit(file) || isOfDatabase(file);
}

/** How many processes of such files run at once. */
function lanesOf(file: string): number {
  const cores = availableParallelism();
  return isShared(file) ? cores : Math.max(cores, SYSTEM_LANES);
}

/** The test files that `node --test` is to run in place of these. */
function shareProcesses(files: readonly string[], runFolder: string): string[] {
  const database = files.filter(isOfDatabase);
  return [
    ...writeShards(runFolder, 'unit', files.filter(isUnit), 1),
    ...writeShards(runFolder, 'database', database, Math.min(availableParallelism(), database.length)),
    ...files.filter((file) => !isShared(file)),
  ];
}

/** Writes test files of which each runs those of a list that no other has begun. */
function writeShards(runFolder: string, name: string, files: readonly string[], count: number): string[] {
  if (files.length === 0) return [];
  const claims = path.join(runFolder, `${name}-claims`);
  mkdirSync(claims);
  const text = `import { runFiles } from ${JSON.stringify(new URL('./run-files.ts', import.meta.url).href)};
await runFiles(${JSON.stringify(files, undefined, 2)}, ${JSON.stringify(claims)});
`;
  return Array.from({ length: count }, (_, index) => {
    const shard = path.join(runFolder, `${name}-${index + 1}.test.mjs`);
    writeFileSync(shard, text);
    return shard;
  });
}

/** A folder of this process until it ends. Those of processes that were killed go. */
function openRunFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (!isRunning(Number(name))) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  const folder = path.join(parent, String(process.pid));
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Prints what the test files noted, when this process ends. */
function reportAtEnd(notes: string): void {
  writeFileSync(notes, '');
  process.once('exit', () => {
    console.log(describeTimes(readFileSync(notes, 'utf8')));
    rmSync(notes);
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What `node --test` prints without being told, and the refusal of a run without a test. */
function reporters(): string[] {
  return [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${fileOf('./no-test.ts')}`,
    '--test-reporter-destination=stderr',
  ];
}

function fileOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
