import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { fileProblem } from '#lib/file-problem.ts';
import { type Config, ConfigError, type Environment, readConfig } from './config.ts';
import { nearestName } from './nearest-name.ts';
import { VARIABLE_NAMES } from './variables.ts';

/** The source of a variable's value. */
export type Origin = 'environment' | 'file' | 'default';

export type LoadedConfig = {
  readonly config: Config;
  /** The file of FLORIN_CONFIG. */
  readonly file: string | undefined;
  readonly originOf: (name: string) => Origin;
};

/** The variable that names the file. */
const FILE_VARIABLE = 'FLORIN_CONFIG';

/** The environment belongs to everybody; what begins like this is Florin's. */
const PREFIX = 'FLORIN_';

/** Of the tests, the crash lab and compose.yaml. */
const OTHERS: readonly string[] = [
  'FLORIN_TEST_RUN',
  'FLORIN_TEST_RUNS',
  'FLORIN_KILL_POINTS',
  'FLORIN_IMAGE',
];

/** A line of the file: blank, a comment, or a variable with its value on the same line. */
const LINE = /^\s*($|#|(export\s+)?[A-Za-z_]\w*\s*=)/;

/**
 * The configuration of this process: its environment, and for other variables the file that FLORIN_CONFIG names. Throws
 * ConfigError, also for a name that begins with FLORIN_ and is not known.
 */
export function loadConfig(environment: Environment = process.env): LoadedConfig {
  const mistyped = Object.keys(environment).find((name) => name.startsWith(PREFIX) && !isKnown(name));
  if (mistyped !== undefined) {
    throw new ConfigError(`${mistyped} is not a variable of Florin's${suggestion(mistyped)}`);
  }
  const path = environment[FILE_VARIABLE] || undefined;
  const file: Environment = path === undefined ? {} : readFile(path);
  // An empty variable counts as unset, wherever it is.
  const isSet = (name: string): boolean => environment[name] !== undefined && environment[name] !== '';
  const merged = {
    ...file,
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => isSet(name))),
  };
  return {
    config: readConfig(merged),
    file: path,
    originOf: (name) => (isSet(name) ? 'environment' : file[name] ? 'file' : 'default'),
  };
}

/** The variables of a .env file. Unlike the environment it is only Florin's: an unknown name is a typing error. */
function readFile(path: string): Environment {
  const text = readText(path);
  const broken = text.split(/\r?\n/).findIndex((line) => !LINE.test(line));
  if (broken !== -1) {
    throw new ConfigError(
      `${FILE_VARIABLE} takes a file with lines like PORT=8080, unlike line ${broken + 1} of ${path}`,
    );
  }
  const variables = parseEnv(text);
  const unknown = Object.keys(variables).find(
    (name) => !VARIABLE_NAMES.includes(name) || name === FILE_VARIABLE,
  );
  if (unknown !== undefined)
    throw new ConfigError(`${FILE_VARIABLE} takes no ${unknown}, which ${path} sets${suggestion(unknown)}`);
  return variables;
}

function isKnown(name: string): boolean {
  return VARIABLE_NAMES.includes(name) || OTHERS.includes(name);
}

function suggestion(name: string): string {
  const nearest = nearestName(name, VARIABLE_NAMES);
  return nearest === undefined ? '' : `; ${nearest} is one`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = fileProblem(cause) ?? 'it cannot be read';
    throw new ConfigError(`${FILE_VARIABLE} takes a file that can be read, not ${path}: ${reason}`, {
      cause,
    });
  }
}
