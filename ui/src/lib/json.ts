import type { ParseError } from "jsonc-parser";
import { applyEdits, format, parse, printParseErrorCode } from "jsonc-parser";

/** What is wrong with a text that should be JSON, and where. */
export interface JsonProblem {
  message: string;
  /** Counted from 1. */
  line: number;
  /** The part of the text that is wrong, as offsets. */
  from: number;
  to: number;
}

/** What the parser misses or found, by the names of its error codes. */
const MESSAGES: Record<string, string> = {
  InvalidSymbol: "Unknown word; put text in double quotes",
  InvalidNumberFormat: "Invalid number",
  PropertyNameExpected: "A property name in double quotes is missing",
  ValueExpected: "A value is missing",
  ColonExpected: "A colon is missing",
  CommaExpected: "A comma is missing",
  CloseBraceExpected: "A closing brace is missing",
  CloseBracketExpected: "A closing bracket is missing",
  EndOfFileExpected: "There is more text after the value",
  InvalidCommentToken: "JSON has no comments",
  UnexpectedEndOfComment: "JSON has no comments",
  UnexpectedEndOfString: "A closing quote is missing",
  UnexpectedEndOfNumber: "The number is incomplete",
  InvalidUnicode: "Invalid \\u sequence; write four hexadecimal digits",
  InvalidEscapeCharacter: "Invalid escape sequence",
  InvalidCharacter: "Invalid character; write it as an escape sequence",
};

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
  return `Line ${line}: ${message}.`;
}

/** Lays JSON out anew. Nothing but blanks changes: numbers stay as they were typed, and so does what is not JSON yet. */
export function formatJson(text: string): string {
  return applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true, eol: "\n" }));
}

function jsonProblem(text: string): JsonProblem {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return { message: "This is not JSON", line: 1, from: 0, to: text.length };
  const { error, offset, length } = first;
  return {
    message: MESSAGES[printParseErrorCode(error)] ?? "This is not JSON",
    line: text.slice(0, offset).split("\n").length,
    from: offset,
    to: Math.min(text.length, offset + length),
  };
}
