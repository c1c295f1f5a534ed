/** What `npm audit --json` says, as far as it matters here. */
export type AuditReport =
  | { readonly kind: 'unanswered'; readonly reason: string }
  | {
      readonly kind: 'answered';
      /** Packages with a weakness that is high or critical. */
      readonly grave: readonly { readonly name: string; readonly severity: string }[];
      /** How many have one that is neither. */
      readonly others: number;
    };

const GRAVE = ['high', 'critical'];

/** Reads the output of `npm audit --json`. Anything but a report of npm 7 or later counts as no answer. */
export function readAuditReport(output: string): AuditReport {
  const report = parse(output);
  const vulnerabilities = field(report, 'vulnerabilities');
  if (field(report, 'auditReportVersion') !== 2 || typeof vulnerabilities !== 'object') {
    return { kind: 'unanswered', reason: reasonOf(report) };
  }
  const found = Object.entries(vulnerabilities ?? {}).map(([name, one]) => ({
    name,
    severity: String(field(one, 'severity')),
  }));
  const grave = found.filter(({ severity }) => GRAVE.includes(severity));
  return { kind: 'answered', grave, others: found.length - grave.length };
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function reasonOf(report: unknown): string {
  const said = field(report, 'message') ?? field(field(report, 'error'), 'summary');
  return typeof said === 'string' && said !== '' ? (said.split('\n', 1)[0] ?? said) : 'no report';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
