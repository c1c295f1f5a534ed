import { readFile, writeFile } from 'node:fs/promises';
import { trimmedLockfile } from './engines.ts';

/**
 * Takes demands on Node that the oldest allowed version does not meet out of package-lock.json: `npm ci` would warn of
 * them, and they are met, because everything here runs on the Node 26 that npm installs. Run it after `npm install`.
 */
const file = new URL('../package-lock.json', import.meta.url);
await writeFile(file, trimmedLockfile(await readFile(file, 'utf8')));
