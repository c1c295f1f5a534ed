import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, type Instruction } from 'dockerfile-ast';

const CONTEXT = fileURLToPath(new URL('../', import.meta.url));
/** A production install takes 10 seconds from npm's cache, and half a minute from the registry. */
const STEP_TIMEOUT_MS = 300_000;

/** An image as it would be, in a folder. */
export type BuiltImage = {
  /** The folder that stands for the image's root. */
  readonly root: string;
  readonly workDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
};

/**
 * Follows the Dockerfile in an empty folder. It runs the first stage, with the installed Node in place of the
 * base image's, and reads the last stage for what it copies and how it runs. Asserts on an instruction
 * that it does not know how to follow.
 */
export function buildImage(folder: string): BuiltImage {
  const instructions = readDockerfile();
  const lastFrom = instructions.findLastIndex((one) => one.getKeyword() === 'FROM');
  const stage = new Stage(path.join(folder, 'build'));
  for (const instruction of instructions.slice(0, lastFrom)) stage.follow(instruction);
  return describe(path.join(folder, 'image'), stage, instructions.slice(lastFrom));
}

/** The instructions of the Dockerfile at the root of the checkout. */
export function readDockerfile(): Instruction[] {
  return DockerfileParser.parse(readFileSync(path.join(CONTEXT, 'Dockerfile'), 'utf8')).getInstructions();
}

/** What may get into the image: the lines with a ! of .dockerignore, which otherwise leaves out everything. */
export function readContext(): { taken: string[]; left: string[] } {
  const lines = readFileSync(path.join(CONTEXT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(lines.shift(), '*', 'what is not named is left out');
  const taken = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const left = lines.filter((line) => !line.startsWith('!'));
  for (const name of [...taken, ...left])
    assert.doesNotMatch(name, /[*?]/, 'plain names, as they are read here');
  return { taken, left };
}

/** The build stage in a folder. */
class Stage {
  readonly root: string;
  #workDir = '/';

  constructor(root: string) {
    this.root = root;
  }

  follow(instruction: Instruction): void {
    const [first = '', ...others] = instruction.getArguments().map((argument) => argument.getValue());
    switch (instruction.getKeyword()) {
      case 'FROM':
        return;
      case 'WORKDIR':
        this.#workDir = first;
        mkdirSync(path.join(this.root, first), { recursive: true });
        return;
      case 'COPY':
        this.#copy([first, ...others]);
        return;
      case 'RUN':
        this.#run(instruction.getArgumentsContent() ?? '');
        return;
      default:
        assert.fail(`the build stage has a ${instruction.getKeyword()}`);
    }
  }

  #copy(names: string[]): void {
    const target = names.pop() ?? '';
    const { taken, left } = readContext();
    for (const name of names) {
      assert.ok(taken.includes(name), `.dockerignore leaves ${name} out`);
      const place = target === './' ? name : target;
      cpSync(path.join(CONTEXT, name), path.join(this.root, this.#workDir, place), {
        recursive: true,
        filter: (source) => !left.includes(path.relative(CONTEXT, source)),
      });
    }
  }

  /** In a shell, with the Node at hand for the image's, and its /runtime in our folder. */
  #run(command: string): void {
    const here = command
      .replaceAll('/usr/local/bin/node', process.execPath)
      .replaceAll(/(?<=\s)\/runtime/g, path.join(this.root, 'runtime'));
    execFileSync('sh', ['-ec', here], {
      cwd: path.join(this.root, this.#workDir),
      // What the lockfile names has just been installed here: npm has it all.
      env: { ...process.env, npm_config_prefer_offline: 'true' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: STEP_TIMEOUT_MS,
    });
  }
}

/** The last stage: what it copies from the first, and how a container of it is run. */
function describe(root: string, stage: Stage, instructions: readonly Instruction[]): BuiltImage {
  const textsOf = (keyword: string): string[] =>
    instructions.filter((one) => one.getKeyword() === keyword).map((one) => one.getArgumentsContent() ?? '');
  const textOf = (keyword: string): string => {
    const [text = '', ...others] = textsOf(keyword);
    assert.ok(text !== '' && others.length === 0, `one ${keyword}`);
    return text;
  };
  const programOf = (keyword: string): string[] => {
    const [program = '', ...args] = listIn(textOf(keyword));
    return program.startsWith('/') ? [path.join(root, program), ...args] : [program, ...args];
  };
  for (const copy of instructions.filter((one) => one.getKeyword() === 'COPY')) {
    const [from = '', to = ''] = copy.getArguments().map((argument) => argument.getValue());
    cpSync(path.join(stage.root, from), path.join(root, to), { recursive: true, verbatimSymlinks: true });
  }
  const [uid = 0, gid = 0] = textOf('USER').split(':').map(Number);
  return {
    root,
    workDir: path.join(root, textOf('WORKDIR')),
    environment: Object.fromEntries(textsOf('ENV').flatMap((text) => text.split(' ').map(splitPair))),
    user: { uid, gid },
    entrypoint: programOf('ENTRYPOINT'),
    command: programOf('CMD'),
    healthcheck: programOf('HEALTHCHECK'),
  };
}

/** The words of an instruction's exec form, after whatever comes before it. */
function listIn(text: string): string[] {
  const words: unknown = JSON.parse(text.slice(text.indexOf('[')));
  assert.ok(Array.isArray(words));
  return words.map(String);
}

function splitPair(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
