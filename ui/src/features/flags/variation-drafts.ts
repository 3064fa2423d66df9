import type { FlagType, Variation } from "@/api/types";
import { problemWords, readJson } from "@/lib/json";
import { randomId } from "@/lib/random";
import { keyProblem, slug } from "@/lib/slug";
import { messages } from "./messages";

/** A variation while it is being typed: its value is text until it is read. */
export interface VariationDraft {
  /** Stays the same while everything else is edited; by it, both sides' changes are put together. */
  id: string;
  key: string;
  value: string;
  name: string;
  description: string;
}

/** A variation that the flag does not have yet. */
export function draftVariation(variation: Partial<Omit<VariationDraft, "id">> = {}): VariationDraft {
  return { key: "", value: "", name: "", description: "", ...variation, id: `new ${randomId()}` };
}

/** Variations that make sense for a new flag of the type; only a boolean's are likely to stay. */
export function defaultDrafts(type: FlagType): VariationDraft[] {
  switch (type) {
    case "boolean":
      return [draftVariation({ key: "on", value: "true" }), draftVariation({ key: "off", value: "false" })];
    case "string":
      return [
        draftVariation({ key: "treatment", value: "treatment" }),
        draftVariation({ key: "control", value: "control" }),
      ];
    case "number":
      return [draftVariation({ key: "high", value: "100" }), draftVariation({ key: "low", value: "0" })];
    case "object":
      return [
        draftVariation({ key: "on", value: '{ "enabled": true }' }),
        draftVariation({ key: "off", value: '{ "enabled": false }' }),
      ];
  }
}

export function toDraft(variation: Variation, type: FlagType): VariationDraft {
  return {
    id: `held ${variation.key}`,
    key: variation.key,
    value: type === "string" ? String(variation.value) : JSON.stringify(variation.value, null, 2),
    name: variation.name ?? "",
    description: variation.description ?? "",
  };
}

/** The value that a text stands for, or why it stands for none. */
export function readValue(type: FlagType, text: string): { value: unknown } | { problem: string } {
  if (type === "string") return { value: text };
  if (type === "number") {
    const number = Number(text.trim().replace(",", "."));
    if (text.trim() === "" || !Number.isFinite(number)) return { problem: messages.variations.notNumber };
    return { value: number };
  }
  const read = readJson(text);
  if (type === "boolean") {
    const value = "value" in read ? read.value : undefined;
    return typeof value === "boolean" ? { value } : { problem: messages.variations.notBoolean };
  }
  if ("problem" in read) return { problem: problemWords(read.problem) };
  const { value } = read;
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { value }
    : { problem: messages.variations.notObject };
}

export interface ReadVariations {
  variations: Variation[];
  /** What is wrong, by the draft's id. */
  problems: Map<string, { key?: string; value?: string }>;
}

export function readVariations(type: FlagType, drafts: readonly VariationDraft[]): ReadVariations {
  const problems: ReadVariations["problems"] = new Map();
  const variations = drafts.map((draft) => {
    const read = readValue(type, draft.value);
    const twice = drafts.some((other) => other.id !== draft.id && other.key === draft.key);
    const key = keyProblem(draft.key) ?? (twice ? messages.variations.keyTaken : undefined);
    const value = "problem" in read ? read.problem : undefined;
    if (key || value) problems.set(draft.id, { ...(key ? { key } : {}), ...(value ? { value } : {}) });
    return toVariation(draft, "value" in read ? read.value : null);
  });
  return { variations, problems };
}

function toVariation(draft: VariationDraft, value: unknown): Variation {
  const name = draft.name.trim();
  const description = draft.description.trim();
  return { key: draft.key, value, ...(name ? { name } : {}), ...(description ? { description } : {}) };
}

/** The key that a variation's value suggests while it has none of its own. */
export function suggestKey(value: string, taken: readonly string[]): string {
  const base = slug(value).slice(0, 30) || "variation";
  let key = base;
  for (let count = 2; taken.includes(key); count += 1) key = `${base}-${count}`;
  return key;
}
