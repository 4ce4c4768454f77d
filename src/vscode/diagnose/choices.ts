// Findings as rows of a list, and as text to hand on.
import type { Finding, Remedy } from './findings.ts';

export interface FindingChoice {
  label: string;
  description?: string;
  detail: string;
  /** Absent where there is nothing to mend. */
  value?: Remedy;
}

const icons = { error: 'error', warning: 'warning', ok: 'pass' };

export function findingChoice({ level, subject, message, remedy }: Finding): FindingChoice {
  return {
    label: `$(${icons[level]}) ${subject}`,
    ...(remedy !== undefined && { description: `$(arrow-right) ${remedy.label}`, value: remedy }),
    detail: message,
  };
}

/** One line for each finding, to be pasted into a question to somebody else. */
export function reportText(findings: readonly Finding[]): string {
  return findings
    .map(({ level, subject, message }) => `${level.padEnd(7)} ${subject}: ${message}\n`)
    .join('');
}
