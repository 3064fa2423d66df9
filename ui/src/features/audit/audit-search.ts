import type { AuditFilter } from "@/api/audit";
import type { RawSearch } from "@/lib/search";
import { compact, text } from "@/lib/search";

/** The filters of the audit log, as they stand in the URL. */
export interface AuditSearch {
  project?: string;
  environment?: string;
  action?: string;
  /** The id of a person or token. */
  actor?: string;
  subjectKind?: string;
  subject?: string;
  /** The first and the last day, such as `2026-11-27`, in the reader's time zone. */
  from?: string;
  to?: string;
}

/** What entries can be about. */
export const SUBJECT_KINDS = [
  "flag",
  "segment",
  "project",
  "environment",
  "key",
  "member",
  "team",
  "role",
  "grant",
  "serviceAccount",
  "token",
  "organization",
  "audit",
] as const;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `flag=…` and `segment=…` are short for a subject. */
export function parseAuditSearch(search: RawSearch): AuditSearch {
  const flag = text(search, "flag");
  const segment = text(search, "segment");
  const kind = text(search, "subjectKind");
  const actor = text(search, "actor");
  return compact({
    project: text(search, "project"),
    environment: text(search, "environment"),
    action: text(search, "action"),
    actor: actor !== undefined && UUID.test(actor) ? actor : undefined,
    subjectKind: flag ? "flag" : segment ? "segment" : SUBJECT_KINDS.find((known) => known === kind),
    subject: flag ?? segment ?? text(search, "subject"),
    from: day(search, "from"),
    to: day(search, "to"),
  });
}

/** What to ask the hub for. Both days are included, from midnight to midnight where the reader is. */
export function auditFilter({ from, to, ...rest }: AuditSearch): AuditFilter {
  return { ...rest, ...(from && { since: midnight(from) }), ...(to && { until: midnight(to, 1) }) };
}

/** Whether the last day is before the first. */
export function isBackwards({ from, to }: AuditSearch): boolean {
  return from !== undefined && to !== undefined && to < from;
}

function day(search: RawSearch, name: string): string | undefined {
  const value = text(search, name);
  const isDay = value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value);
  return isDay && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

function midnight(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
