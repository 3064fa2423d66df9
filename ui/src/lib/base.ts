/** Absent where there is no page, as in tests. */
const page = globalThis.document as Document | undefined;
const base = page?.querySelector<HTMLMetaElement>('meta[name="peekaboo-base"]')?.content ?? "/";

/** The path under which a proxy serves the dashboard, as `/flags`; empty where there is none. */
export const basePath = base.replace(/\/+$/, "");

/** An address as the dashboard's own paths have it: without that path. */
export function withoutBase(path: string): string {
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}
