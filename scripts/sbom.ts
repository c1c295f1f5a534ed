import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the image installs: the packages of the lockfile without those for development and the optional ones. */
const COMMAND = [
  'sbom',
  '--sbom-format=cyclonedx',
  '--sbom-type=application',
  '--package-lock-only',
  '--omit=dev',
  '--omit=optional',
];
/** A few hundred packages take half a megabyte. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

type BillOfMaterials = { readonly metadata: { readonly component: Record<string, unknown> } };

/** `npm run -s sbom`: the bill of materials of the production install, as CycloneDX JSON, on standard output. */
function main(): void {
  const output = execFileSync('npm', COMMAND, { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
  const bill: BillOfMaterials = JSON.parse(output);
  const manifest: { name: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  // npm names it after the folder.
  bill.metadata.component.name = manifest.name;
  console.log(JSON.stringify(bill, undefined, 2));
}

main();
