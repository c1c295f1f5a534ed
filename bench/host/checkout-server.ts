import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProcessTree } from './process-tree.ts';

const PROGRAM = join(import.meta.dirname, '..', 'serve-bank.ts');

type Address = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly token: string;
  readonly serverPid: number;
  readonly postgresPid: number;
};

/** The server of a checkout, with a bank and a PostgreSQL of its own. */
export class CheckoutServer {
  readonly url: string;
  readonly databaseUrl: string;
  readonly token: string;
  readonly tree: ProcessTree;
  readonly postgres: { readonly tree: ProcessTree };
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { url, databaseUrl, token, serverPid, postgresPid }: Address) {
    this.#child = child;
    this.url = url;
    this.databaseUrl = databaseUrl;
    this.token = token;
    this.tree = new ProcessTree(serverPid);
    this.postgres = { tree: new ProcessTree(postgresPid) };
  }

  /** Starts it with the code of the checkout. Throws where no bank comes to stand. */
  static async start(checkout: string): Promise<CheckoutServer> {
    const folder = join(resolve(checkout), 'bench');
    const program = readFileSync(PROGRAM, 'utf8');
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [address] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`no bank stands in ${folder}`))),
    ]);
    return new CheckoutServer(child, address);
  }

  async close(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}
