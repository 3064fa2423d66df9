import type { RawSearch } from "@/lib/search";
import { compact, text } from "@/lib/search";

export interface AuditSearch {
  project?: string;
  environment?: string;
  flag?: string;
  segment?: string;
  action?: string;
}

export function parseAuditSearch(search: RawSearch): AuditSearch {
  return compact({
    project: text(search, "project"),
    environment: text(search, "environment"),
    flag: text(search, "flag"),
    segment: text(search, "segment"),
    action: text(search, "action"),
  });
}
