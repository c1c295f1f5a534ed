import { ACCESS } from '#bank/access.ts';
import { ROLES } from '#lib/caller.ts';

/** The table of access in Markdown, as docs/access.md ends with it. */
export function describeAccess(): string {
  const rows = Object.entries(ACCESS).map(([operation, row]) => [
    `\`${operation}\``,
    ...(typeof row === 'string' ? [...ROLES.map(() => row), '-'] : row),
  ]);
  const head = ['operation', ...ROLES, 'scope'];
  const table = [head, head.map(() => '---'), ...rows];
  return `${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
