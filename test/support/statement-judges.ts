import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/* Programs of others that read what banks send: Debian's libxml2-utils, python3-xmlschema, aqbanking-tools and ofx. */

const SCHEMAS = new URL('../schemas/iso20022/', import.meta.url).pathname;

/** Whether a program is installed; without it its tests are skipped, and say so. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

/** Whether Python's xmlschema is installed. */
export function hasXmlSchema(): boolean {
  return spawnSync('/usr/bin/python3', ['-c', 'import xmlschema']).status === 0;
}

function inFolder<T>(file: string, read: (path: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'florin-judge-'));
  try {
    const path = join(folder, 'file');
    writeFileSync(path, file);
    return read(path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What libxml2 finds wrong with a message by the schema of its name; an empty text if nothing. */
export function xmllintFaults(message: string, file: string): string {
  return inFolder(file, (path) => {
    const args = ['--nonet', '--noout', '--schema', `${SCHEMAS}${message}.xsd`, path];
    const { status, stderr } = spawnSync('xmllint', args, { encoding: 'utf8' });
    return status === 0 ? '' : stderr;
  });
}

const LIST_FAULTS =
  'import sys, xmlschema\nfor e in xmlschema.XMLSchema(sys.argv[1]).iter_errors(sys.argv[2]): print(e.path, e.reason)';

/** The same by Python's xmlschema, which has an engine of its own. */
export function xmlSchemaFaults(message: string, file: string): string {
  return inFolder(file, (path) => {
    const args = ['-c', LIST_FAULTS, `${SCHEMAS}${message}.xsd`, path];
    const { status, stdout, stderr } = spawnSync('/usr/bin/python3', args, { encoding: 'utf8' });
    return status === 0 ? stdout : stderr;
  });
}

export type Read = {
  readonly amounts: readonly string[];
  /** Booked balances by their dates, as far as the reader takes them for booked ones: `20261231 974.75`. */
  readonly balances: readonly string[];
};

/** What aqbanking reads: amounts of the lines, and balances. */
export function readByAqbanking(importer: string, profile: string, file: string): Read {
  return inFolder(file, (path, folder) => {
    const context = join(folder, 'context');
    const bank = ['-n', `--cfgdir=${folder}/config`];
    const from = ['import', `--importer=${importer}`, `--profile=${profile}`, '-f', path, '-c', context];
    const { status, stderr } = spawnSync('aqbanking-cli', [...bank, ...from], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`aqbanking cannot read it: ${stderr}`);
    const list = ['listtrans', '-c', context, '-T', '$(valueAsString)'];
    const { stdout } = spawnSync('aqbanking-cli', [...bank, ...list], { encoding: 'utf8' });
    const balances = readFileSync(context, 'utf8').matchAll(
      /balance \{[^}]*?date="(\d+)"[^}]*?value="([^"]+)"[^}]*?\}/g,
    );
    return {
      amounts: stdout.split('\n').filter((line) => line !== ''),
      balances: [...balances].map(
        ([, date, value]) => `${date} ${fraction(decodeURIComponent(value ?? ''))}`,
      ),
    };
  });
}

/** `974.75` of `97475/100:EUR`. */
function fraction(value: string): string {
  const [, above = '0', below = '1'] = /^(-?\d+)(?:\/(\d+))?/.exec(value) ?? [];
  return (Number(above) / Number(below)).toFixed(2);
}

/** What libofx reads: amounts of the lines. */
export function readByLibofx(file: string): readonly string[] {
  return inFolder(file, (path) => {
    const { stdout } = spawnSync('ofxdump', [path], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
    return [...stdout.matchAll(/Total money amount: (-?[\d.]+)/g)].map(([, amount]) => amount ?? '');
  });
}
