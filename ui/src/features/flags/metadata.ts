/** A flag's metadata as people write it: a line `name: value` for each entry. */

export type MetadataValue = boolean | number | string;
export type Metadata = Record<string, MetadataValue>;

/** Names that OpenFeature and the SDKs give a meaning of their own; the hub refuses them. */
const RESERVED = ["contextId", "flagSetId", "flagVersion", "reason", "version"];

/** Why a line cannot be read. */
export type MetadataFault = "line" | "twice" | "reserved";

export function writeMetadata(metadata: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(metadata).map(([name, value]) => `${name}: ${write(value)}`);
  return lines.join("\n");
}

export type MetadataRead =
  | { ok: true; metadata: Metadata }
  | { ok: false; fault: MetadataFault; line: string };

/** The entries of a text, or the first line that cannot be read and why. */
export function readMetadata(text: string): MetadataRead {
  const entries = new Map<string, MetadataValue>();
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const [, name, value] = /^([^:]*[^:\s])\s*:\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { ok: false, fault: "line", line };
    if (entries.has(name)) return { ok: false, fault: "twice", line };
    if (RESERVED.includes(name)) return { ok: false, fault: "reserved", line };
    entries.set(name, read(value));
  }
  return { ok: true, metadata: Object.fromEntries(entries) };
}

/** Text that would be read as something else stands in quotes. */
function write(value: unknown): string {
  if (typeof value !== "string") return String(value);
  return read(value) === value && value === value.trim() ? value : JSON.stringify(value);
}

function read(value: string): MetadataValue {
  if (value === "true" || value === "false") return value === "true";
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)) return Number(value);
  if (!/^".*"$/.test(value)) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
