import type { ParseError } from "jsonc-parser";
import { applyEdits, format, parse, printParseErrorCode } from "jsonc-parser";
import { messages } from "./messages";

/** What is wrong with a text that should be JSON, and where. */
export interface JsonProblem {
  message: string;
  /** Counted from 1. */
  line: number;
  /** The part of the text that is wrong, as offsets. */
  from: number;
  to: number;
}

/** Reads JSON. Browsers word their own errors differently and often leave out the place, so a parser is asked for it. */
export function readJson(text: string): { value: unknown } | { problem: JsonProblem } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: jsonProblem(text) };
  }
}

/** A problem as one sentence: "Line 3: A comma is missing." */
export function problemWords({ line, message }: JsonProblem): string {
  return messages.json.line({ line, problem: message });
}

/** Lays JSON out anew. Nothing but blanks changes: numbers stay as they were typed, and so does what is not JSON yet. */
export function formatJson(text: string): string {
  return applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true, eol: "\n" }));
}

function jsonProblem(text: string): JsonProblem {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return { message: messages.json.unknown, line: 1, from: 0, to: text.length };
  const { error, offset, length } = first;
  return {
    message: messages.json.problems[printParseErrorCode(error)] ?? messages.json.unknown,
    line: text.slice(0, offset).split("\n").length,
    from: offset,
    to: Math.min(text.length, offset + length),
  };
}
