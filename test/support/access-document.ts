import { ACCESS, mayOf } from '#bank/access.ts';
import { RIGHTS } from '#features/authority/rights.ts';
import { ROLES } from '#lib/caller.ts';

/** The tables of access and of rights in Markdown, as docs/access.md ends with them. */
export function describeAccess(): string {
  const rows = Object.entries(ACCESS).map(([operation, row]) => [
    `\`${operation}\``,
    ...(typeof row === 'string'
      ? [...ROLES.map(() => row), '-']
      : [...ROLES.map((role) => mayOf(operation, row, role)), row[5]]),
  ]);
  const head = ['operation', ...ROLES, 'scope'];
  const table = [head, head.map(() => '---'), ...rows];
  return `${inMarkdown(table)}\n\n${describeRights()}`;
}

/** Rights beyond a call, by the field that asks for them. */
function describeRights(): string {
  const rows = Object.values(RIGHTS).flatMap(({ asks, roles }) =>
    asks.map((field) => [`\`${field}\``, ...ROLES.map((role) => (isAmong(roles, role) ? 'yes' : '-'))]),
  );
  const head = ['field', ...ROLES];
  return `## Rights beyond a call

Some fields ask for more than the call that they are part of. Whoever gives one answers for it: it is a reason, which the audit trail keeps, and which no customer reads. Other callers get 403 \`forbidden\`; no API key has these rights, and the operator has all.

${inMarkdown([head, head.map(() => '---'), ...rows])}
`;
}

function isAmong(roles: readonly string[], role: string): boolean {
  return roles.includes(role);
}

function inMarkdown(table: readonly (readonly string[])[]): string {
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
