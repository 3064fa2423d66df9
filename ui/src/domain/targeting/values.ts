import { messages } from "./messages";
import type { ValueKind } from "./operators";

/** The types that a listed value of `in` may have. */
export type ScalarKind = "text" | "number" | "boolean";

export function scalarKind(value: unknown): ScalarKind {
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "text";
}

/** A value as it stands in a chip. */
export function showValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Splits what was pasted: one value a line, or separated by commas where it is one line. */
export function splitPasted(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const parts = lines.length > 1 ? lines : text.split(",").map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ""))];
}

const SEMVER = /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function cidrProblem(text: string): string | undefined {
  const [address = "", prefix, extra] = text.split("/");
  const parts = IPV4.exec(address)?.slice(1).map(Number);
  const longest = parts ? 32 : 128;
  const address4 = parts?.every((part) => part <= 255) ?? false;
  const address6 = !parts && /^[0-9a-f:.]+$/i.test(address) && address.includes(":");
  const size = prefix === undefined ? longest : Number(prefix);
  const sized = prefix === undefined || (/^\d{1,3}$/.test(prefix) && size <= longest);
  if ((address4 || address6) && sized && extra === undefined) return undefined;
  return messages.problems.notNetwork(text);
}

function regexProblem(text: string): string | undefined {
  try {
    new RegExp(text.replace(/^\(\?[a-z]+\)/, ""), "u");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : messages.problems.notRegex;
  }
}

/** Why a text is no value for an operator of the kind, as far as the dashboard can tell; the hub has the last word. */
export function valueProblem(kind: ValueKind, text: string): string | undefined {
  switch (kind) {
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text))
        ? undefined
        : messages.problems.notNumber(text);
    case "time":
      return /^\d+$/.test(text) || !Number.isNaN(Date.parse(text))
        ? undefined
        : messages.problems.notTime(text);
    case "semver":
      return SEMVER.test(text) ? undefined : messages.problems.notVersion(text);
    case "cidr":
      return cidrProblem(text);
    case "regex":
      return regexProblem(text);
    case "any":
    case "text":
    case "none":
      return undefined;
  }
}

/** The value that a text stands for with an operator of the kind. */
export function toValue(kind: ValueKind, text: string, scalar: ScalarKind = "text"): unknown {
  if (kind === "number") return Number(text);
  if (kind === "time") return /^\d+$/.test(text) ? Number(text) : text;
  if (kind !== "any") return text;
  if (scalar === "number") return Number(text);
  return scalar === "boolean" ? text === "true" : text;
}

/** Values that an operator of another kind can use, when the operator is changed. */
export function keepValues(values: readonly unknown[], kind: ValueKind): unknown[] {
  if (kind === "none") return [];
  if (kind === "any") return [...values];
  return values
    .map((value) => (typeof value === "boolean" ? "" : String(value)))
    .filter((text) => text !== "" && valueProblem(kind, text) === undefined)
    .map((text) => toValue(kind, text));
}

/** A time as the browser's own input takes it, in the reader's zone. */
export function toLocalInput(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return "";
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The moment, in RFC 3339, that the browser's input stands for. */
export function fromLocalInput(text: string): string | undefined {
  const time = new Date(text);
  return text === "" || Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace(".000Z", "Z");
}
