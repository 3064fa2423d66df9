import { problemWords, readJson } from "@/lib/json";
import { messages } from "./messages";

const stored = (project: string) => `peekaboo.contexts.${project}`;
const KEPT = 5;

/** The context that a text stands for, or why it stands for none. */
export function parseContext(text: string): { context: Record<string, unknown> } | { problem: string } {
  const read = readJson(text);
  if ("problem" in read) return { problem: problemWords(read.problem) };
  const { value } = read;
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { context: value as Record<string, unknown> }
    : { problem: messages.notObject };
}

/** The contexts that were evaluated last in the project, newest first. */
export function recentContexts(project: string): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(stored(project)) ?? "[]");
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

export function rememberContext(project: string, text: string): void {
  const kept = [text, ...recentContexts(project).filter((item) => item !== text)].slice(0, KEPT);
  localStorage.setItem(stored(project), JSON.stringify(kept));
}
