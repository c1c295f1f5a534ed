import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const COMMAND = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
const FOLDER = 'node_modules/';
/** A few hundred packages take half a megabyte. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

type Bill = {
  readonly metadata: { readonly component: Record<string, unknown> };
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};
type Lockfile = {
  readonly name: string;
  readonly version: string;
  readonly packages: Readonly<
    Record<string, { version: string; dev?: boolean; optional?: boolean; devOptional?: boolean }>
  >;
};

/**
 * `npm run -s sbom`: the bill of materials of what the image installs, as CycloneDX JSON, on standard output. npm
 * makes it of all packages, and we take out those that production does without: asked to leave them out itself
 * (`--omit`), npm 11 also leaves out what production shares with development, such as the database driver.
 */
function main(): void {
  const lock: Lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const bill: Bill = JSON.parse(
    execFileSync('npm', COMMAND, { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES }),
  );
  const root = `${lock.name}@${lock.version}`;
  const kept = new Set([root, ...productionPackages(lock)]);
  const components = bill.components.filter((one) => kept.has(one['bom-ref']));
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => kept.has(ref)) }));
  // npm names it after the folder.
  const metadata = { ...bill.metadata, component: { ...bill.metadata.component, name: lock.name } };
  console.log(JSON.stringify({ ...bill, metadata, components, dependencies }, undefined, 2));
}

/** What `npm ci --omit=dev --omit=optional` installs, as `name@version`. */
function productionPackages({ packages }: Lockfile): string[] {
  return Object.entries(packages)
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
    .map(([path, { version }]) => `${path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)}@${version}`);
}

main();
