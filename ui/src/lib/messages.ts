import { catalog } from "./language/catalog";
import { plural } from "./language/format";

/** What a JSON parser misses or found, by its error codes. Each follows the number of the line. */
const jsonProblems: Record<string, string> = {
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

export const messages = catalog("lib", {
  pageTitle: (page: string) => `${page} · Peek-a-boo`,
  justNow: "just now",
  key: {
    missing: "Enter a key.",
    tooLong: (most: number) =>
      `A key can have at most ${plural(most, { one: "# character", other: "# characters" })}.`,
    badStart: "A key must start with a lowercase letter or a digit.",
    badCharacter: "A key can only contain lowercase letters, digits, dots, dashes, and underscores.",
    badSubjectStart: "A key must start with a letter, a digit, or an underscore.",
    badSubjectCharacter: "A key can only contain letters, digits, and the characters . _ : | ~ -",
  },
  json: {
    line: ({ line, problem }: { line: number; problem: string }) => `Line ${line}: ${problem}.`,
    unknown: "This is not JSON",
    problems: jsonProblems,
  },
  /** The part of a targeting or segment that a reference stands in. */
  where: {
    rule: (number: string) => `rule ${number}`,
    prerequisite: (number: string) => `prerequisite ${number}`,
    targets: (number: string) => `target list ${number}`,
    when: "condition",
    fallthrough: "everyone else",
    offVariation: "when off",
  },
});
