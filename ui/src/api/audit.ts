import { basePath } from "@/lib/base";
import { answer, api, given, signedOut } from "./http";
import { Problem } from "./problem";
import type { ProblemDocument } from "./types";

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

/**
 * Downloads the audit log as a file and says after each part how many bytes there are. It may take longer than any other
 * request, so it has no deadline. An export that breaks off is a failure, never half a file.
 */
export async function exportAudit(
  org: string,
  filter: AuditFilter,
  format: ExportFormat,
  progress: (bytes: number) => void,
): Promise<Blob> {
  const query = new URLSearchParams(given({ ...filter, format }));
  const url = `${basePath}${AUDIT.replace("{org}", encodeURIComponent(org))}/export?${query}`;
  const response = await fetch(url).catch(() => {
    throw Problem.unreachable();
  });
  if (!response.ok) {
    if (response.status === 401) signedOut();
    throw new Problem(response.status, (await response.json().catch(() => ({}))) as Partial<ProblemDocument>);
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read().catch(() => {
      throw Problem.unreachable();
    });
    if (!part?.value) break;
    parts.push(part.value as Uint8Array<ArrayBuffer>);
    bytes += part.value.length;
    progress(bytes);
  }
  return new Blob(parts, { type: response.headers.get("Content-Type") ?? "" });
}
