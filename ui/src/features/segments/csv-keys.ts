/** The keys in a CSV file, column by column. */
export interface CsvTable {
  readonly rows: readonly (readonly string[])[];
  /** How many columns the widest row has. */
  readonly columns: number;
}

/** Names of columns that hold keys, beside the segment's own attribute. */
const USUAL = ["key", "id", "user", "user_id", "userid", "targetingkey", "email"];

/** Reads CSV with any of the usual separators; nothing where it is binary or empty. */
export async function readCsv(text: string): Promise<CsvTable | undefined> {
  // NUL and the replacement character show that the file is not text, or has another encoding.
  if (/[\0\uFFFD]/.test(text)) return undefined;
  const { default: papa } = await import("papaparse");
  const { data } = papa.parse<string[]>(text.replace(/^\uFEFF/, ""), { skipEmptyLines: "greedy" });
  const rows = data.map((row) => row.map((cell) => cell.trim()));
  const columns = Math.max(0, ...rows.slice(0, 1000).map((row) => row.length));
  return columns === 0 ? undefined : { rows, columns };
}

/** Which column holds the keys, and whether the first row names it. */
export function guess(table: CsvTable, attribute: string): { column: number; header: boolean } {
  const first = (table.rows[0] ?? []).map((cell) => cell.toLowerCase());
  const wanted = attribute.split("/").at(-1)?.toLowerCase() ?? "";
  const column = [wanted, ...USUAL].map((name) => first.indexOf(name)).find((place) => place >= 0);
  return { column: column ?? 0, header: column !== undefined };
}

/** The keys of a column, each once. */
export function keysOf(table: CsvTable, column: number, header: boolean): string[] {
  const cells = table.rows.slice(header ? 1 : 0).map((row) => row[column] ?? "");
  return [...new Set(cells.filter((cell) => cell !== ""))];
}
