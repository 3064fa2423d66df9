import { basePath } from "@/lib/base";
import { download } from "./download";
import { answer, api, given } from "./http";

/** Which entries of the audit log; what is missing does not matter. */
export interface AuditFilter {
  project?: string | undefined;
  environment?: string | undefined;
  flag?: string | undefined;
  segment?: string | undefined;
  subjectKind?: string | undefined;
  subject?: string | undefined;
  action?: string | undefined;
  /** The id of a person or token. */
  actor?: string | undefined;
  /** From this moment on, and before that one, as RFC 3339 has them. */
  since?: string | undefined;
  until?: string | undefined;
}

export type ExportFormat = "jsonl" | "csv";

const AUDIT = "/api/v1/organizations/{org}/audit";

export const listAudit = (org: string, filter: AuditFilter, cursor?: string, limit = 40) =>
  answer(api.GET(AUDIT, { params: { path: { org }, query: given({ ...filter, cursor, limit }) } }));
export const getAuditChain = (org: string) =>
  answer(api.GET(`${AUDIT}/chain`, { params: { path: { org } } }));
export const verifyAudit = (org: string) =>
  answer(api.GET(`${AUDIT}/verification`, { params: { path: { org } } }));

/** Downloads the audit log as a file and says after each part how many bytes there are. */
export function exportAudit(
  org: string,
  filter: AuditFilter,
  format: ExportFormat,
  progress: (bytes: number) => void,
): Promise<Blob> {
  const query = new URLSearchParams(given({ ...filter, format }));
  const url = `${basePath}${AUDIT.replace("{org}", encodeURIComponent(org))}/export?${query}`;
  return download(url, { onProgress: progress });
}
