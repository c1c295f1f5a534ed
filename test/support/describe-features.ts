import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, '../../src');
/** Rooms whose folders each have a contract that opens with a line about them. */
const ROOMS = ['features', 'identity'];

/** The features in Markdown, as ARCHITECTURE.md lists them: each folder with the first line of its contract. */
export function describeFeatures(): string {
  return ROOMS.flatMap((room) =>
    readdirSync(join(SOURCE, room))
      .toSorted()
      .map((feature) => `- \`${room}/${feature}\`: ${sentenceOf(room, feature)}`),
  ).join('\n');
}

function sentenceOf(room: string, feature: string): string {
  const [line = ''] = readFileSync(join(SOURCE, room, feature, 'contract.ts'), 'utf8').split('\n');
  if (!line.startsWith('// '))
    throw new Error(`${room}/${feature}/contract.ts does not begin with a line about it`);
  return line.slice('// '.length);
}

/** What stands between the markers of a generated part of a page, with the part in place. */
export function withGenerated(page: string, part: string): string {
  const [before = '', rest = ''] = page.split('<!-- generated: npm run generate -->\n');
  const [, after = ''] = rest.split('<!-- /generated -->');
  return `${before}<!-- generated: npm run generate -->\n\n${part}\n\n<!-- /generated -->${after}`;
}
