/** The reason why a release cannot be made, in one line. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** Throws ReleaseError unless `wanted` is a version (three numbers) that comes after `current`. */
export function requireLaterVersion(wanted: string, current: string): void {
  const [to, from] = [numbersOf(wanted), numbersOf(current)];
  const first = to.findIndex((number, index) => number !== from[index]);
  if (first === -1 || (to[first] ?? 0) < (from[first] ?? 0)) {
    throw new ReleaseError(`${wanted} does not come after ${current}`);
  }
}

function numbersOf(version: string): number[] {
  if (!/^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}$/.test(version)) {
    throw new ReleaseError(`a version is three numbers like 1.4.0, not ${JSON.stringify(version)}`);
  }
  return version.split('.').map(Number);
}

/** The changelog with what was unreleased under the version's heading. Throws ReleaseError when there is nothing. */
export function closeUnreleased(changelog: string, version: string, date: string): string {
  const heading = /^## Unreleased\n/m.exec(changelog);
  if (heading === null) throw new ReleaseError('CHANGELOG.md has no section "## Unreleased"');
  const head = changelog.slice(0, heading.index);
  const rest = changelog.slice(heading.index + heading[0].length);
  const entries = rest.split(/^## /m, 1)[0] ?? '';
  if (!/^- /m.test(entries)) throw new ReleaseError('CHANGELOG.md says nothing under "## Unreleased"');
  return `${head}## Unreleased\n\n## ${version} (${date})\n${rest}`;
}

/** The entries of a version in the changelog, for the page of the release. Throws ReleaseError without. */
export function notesOf(changelog: string, version: string): string {
  const section = changelog.split(/^## /m).find((one) => one.startsWith(`${version} (`));
  if (section === undefined) throw new ReleaseError(`CHANGELOG.md has no section "## ${version}"`);
  return section.slice(section.indexOf('\n')).trim();
}

/** The text with the first `count` lines `"version": "…"` that hold one version holding another. */
export function replaceVersions(
  text: string,
  { from, to, count }: { from: string; to: string; count: number },
): string {
  const line = `"version": "${from}"`;
  const parts = text.split(line);
  if (parts.length <= count) throw new ReleaseError(`not ${count} lines with ${line}`);
  const changed = parts.slice(0, count + 1).join(`"version": "${to}"`);
  return [changed, ...parts.slice(count + 1)].join(line);
}
