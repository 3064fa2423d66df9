/**
 * Parses portable regular expressions: the syntax that means the same everywhere. `docs/evaluation.md` has the grammar;
 * all other syntax is refused. JavaScript's own `RegExp` does not help: it accepts more, `\w` and `\b` differ, and it
 * backtracks.
 */

/** A set of code points: ascending ranges that neither touch nor overlap, as first, last, first, last … */
export type PointSet = readonly number[];

type Range = readonly [first: number, last: number];

export type Place = "start" | "end" | "edge";

export type Expression =
  | { readonly kind: "set"; readonly set: PointSet }
  | { readonly kind: "place"; readonly place: Place }
  /** With no parts, the empty text. */
  | { readonly kind: "sequence"; readonly parts: readonly Expression[] }
  | { readonly kind: "either"; readonly parts: readonly Expression[] }
  /** `most` is null where there is no bound. */
  | {
      readonly kind: "repeat";
      readonly part: Expression;
      readonly least: number;
      readonly most: number | null;
    };

/** Why an expression is not portable. */
export class NotPortable extends Error {}

const MAX_LENGTH = 1_000;
/** The most that an expression unfolds to. */
const MAX_SIZE = 5_000;
/** The largest number in `{n,m}`. */
const MAX_REPEAT = 1_000;
/** How deep groups nest. */
const MAX_DEPTH = 32;

const LAST_POINT = 0x10ffff;
const EMPTY: Expression = { kind: "sequence", parts: [] };

const CONTROLS: Record<string, string> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v" };
const PUNCTUATION = new Set("^$\\.*+?()[]{}|/-");
const QUANTIFIERS = new Set("*+?{");
const SETS: Record<string, PointSet> = {
  d: [0x30, 0x39],
  w: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
  s: [0x09, 0x0d, 0x20, 0x20],
};
for (const [name, set] of Object.entries(SETS)) SETS[name.toUpperCase()] = complement(set);

/**
 * Reads an expression. With `fold`, it is for text whose letters A to Z are in lower case.
 *
 * @throws NotPortable with the reason.
 */
export function parsePattern(pattern: string, fold: boolean): Expression {
  const chars = [...pattern];
  if (chars.length > MAX_LENGTH) throw new NotPortable("an expression has at most 1,000 characters");
  const reader = new Reader(chars, fold);
  const [expression] = reader.alternatives(0);
  if (reader.peek() !== undefined) throw reader.error("this ) closes nothing; write \\) for the character");
  return expression;
}

/** An expression, and how many characters it unfolds to. */
type Sized = [expression: Expression, size: number];

class Reader {
  private position = 0;

  constructor(
    private readonly chars: readonly string[],
    private readonly fold: boolean,
  ) {}

  peek(): string | undefined {
    return this.chars[this.position];
  }

  error(reason: string): NotPortable {
    return new NotPortable(`${reason} (at character ${this.position + 1})`);
  }

  /** `a|b|c`, up to a `)` or the end. */
  alternatives(depth: number): Sized {
    if (depth > MAX_DEPTH) throw this.error("groups nest at most 32 deep");
    const alternatives: Expression[] = [];
    let parts: Expression[] = [];
    let size = 0;
    for (;;) {
      const char = this.peek();
      if (char === undefined || char === ")") break;
      if (char === "|") {
        this.position++;
        alternatives.push(sequence(parts));
        parts = [];
      } else {
        const [part, each] = this.term(depth);
        parts.push(part);
        size += each;
      }
      if (size > MAX_SIZE) throw this.error("the expression unfolds to more than 5,000 characters");
    }
    alternatives.push(sequence(parts));
    return [either(alternatives), size];
  }

  private next(): string | undefined {
    const char = this.peek();
    if (char !== undefined) this.position++;
    return char;
  }

  private take(expected: string): boolean {
    const found = this.peek() === expected;
    if (found) this.position++;
    return found;
  }

  /** One character, class, group or place, with its quantifier. */
  private term(depth: number): Sized {
    const char = this.next() as string;
    if (char === "^") return this.place("start");
    if (char === "$") return this.place("end");
    if (char === "\\" && this.take("b")) return this.place("edge");
    const [part, size] = this.repeatable(char, depth);
    return this.quantified(part, size);
  }

  private repeatable(char: string, depth: number): Sized {
    switch (char) {
      case "\\":
        return [this.escape(), 1];
      case ".":
        return [{ kind: "set", set: [0, LAST_POINT] }, 1];
      case "[":
        return [this.class(), 1];
      case "(":
        return this.group(depth);
      case "*":
      case "+":
      case "?":
      case "{":
        throw this.error("there is nothing here to repeat; escape the character with \\");
      case "}":
      case "]":
        throw this.error("escape this bracket with \\ if it stands for itself");
      default:
        return [this.literal(char), 1];
    }
  }

  private place(place: Place): Sized {
    if (QUANTIFIERS.has(this.peek() ?? "")) throw this.error("a place in the text cannot be repeated");
    return [{ kind: "place", place }, 1];
  }

  private group(depth: number): Sized {
    if (this.take("?") && !this.take(":")) {
      throw this.error(
        "of the groups that begin with (? only (?: is portable: no look-around, names or flags",
      );
    }
    const [part, size] = this.alternatives(depth + 1);
    if (!this.take(")")) throw this.error("a group is not closed with )");
    // An empty group unfolds too.
    return [part, Math.max(1, size)];
  }

  private quantified(part: Expression, size: number): Sized {
    const times = this.quantifier();
    if (!times) return [part, size];
    const [least, most] = times;
    // Greedy or not makes no difference to whether there is a match.
    this.take("?");
    if (QUANTIFIERS.has(this.peek() ?? "")) throw this.error("a quantifier cannot be repeated; use a group");
    return [repeat(part, least, most), size * Math.max(1, most ?? least)];
  }

  /** Null where none follows. */
  private quantifier(): [least: number, most: number | null] | null {
    if (this.take("*")) return [0, null];
    if (this.take("+")) return [1, null];
    if (this.take("?")) return [0, 1];
    return this.take("{") ? this.counted() : null;
  }

  /** The rest of `{n}`, `{n,}` or `{n,m}`. */
  private counted(): [least: number, most: number | null] {
    const least = this.number();
    let most: number | null = least;
    if (this.take(",")) most = this.peek() === "}" ? null : this.number();
    if (!this.take("}")) throw this.error("a repetition is {n}, {n,} or {n,m}; write \\{ for the character");
    if (most !== null && most < least) throw this.error("in {n,m} n is at most m");
    return [least, most];
  }

  private number(): number {
    let digits = "";
    while (/^[0-9]$/.test(this.peek() ?? "")) {
      digits += this.next();
      if (Number(digits) > MAX_REPEAT) throw this.error("a repetition counts to at most 1,000");
    }
    if (digits === "") throw this.error("a repetition is {n}, {n,} or {n,m}; write \\{ for the character");
    return Number(digits);
  }

  /** What follows a `\` outside of a class. */
  private escape(): Expression {
    const char = this.next();
    const set = SETS[char ?? ""];
    return set ? { kind: "set", set } : this.literal(this.escaped(char));
  }

  /** The character that an escape stands for. */
  private escaped(char: string | undefined): string {
    const escaped = char && (CONTROLS[char] ?? (PUNCTUATION.has(char) ? char : undefined));
    if (escaped) return escaped;
    throw this.error(
      "this escape is not portable; \\d \\D \\w \\W \\s \\S \\b \\n \\r \\t \\f \\v and escaped punctuation are",
    );
  }

  /** A character that stands for itself. */
  private literal(char: string): Expression {
    const point = this.point(char);
    return { kind: "set", set: [point, point] };
  }

  private point(char: string): number {
    const point = char.codePointAt(0) as number;
    return this.fold && isUpperCase(point) ? point + 0x20 : point;
  }

  /** The rest of a class, `[^a-z\d]`. */
  private class(): Expression {
    const negated = this.take("^");
    const ranges: Range[] = [];
    while (ranges.length === 0 || !this.take("]")) ranges.push(...this.classItem(ranges.length === 0));
    const set = union(ranges);
    return { kind: "set", set: negated ? complement(set) : set };
  }

  private classItem(isFirst: boolean): readonly Range[] {
    const char = this.next();
    if (char === undefined) throw this.error("a class is not closed with ]");
    if (char === "]") throw this.error("a class has at least one character; write \\] for the bracket");
    if (char === "[") throw this.error("within a class write \\[ for the bracket");
    if (char === "-" && !isFirst && this.peek() !== "]") {
      throw this.error("within a class a - stands between two characters, or first, or last; or write \\-");
    }
    const set = char === "\\" ? SETS[this.peek() ?? ""] : undefined;
    if (!set) return [this.range(char)];
    this.position++;
    return pairs(set);
  }

  /** One character of a class, or a range of them. */
  private range(char: string): Range {
    const first = this.classChar(char);
    const after = this.chars[this.position + 1];
    if (this.peek() !== "-" || after === undefined || after === "]") {
      return [this.point(first), this.point(first)];
    }
    this.position++;
    if (this.peek() === "[") throw this.error("within a class write \\[ for the bracket");
    const last = this.classChar(this.next() as string);
    const [begin, end] = [first.codePointAt(0) as number, last.codePointAt(0) as number];
    if (end < begin) throw this.error("a range runs from the lower character to the higher");
    if (this.fold && !folds(begin, end)) {
      throw this.error("with ignoreCase a range of letters stays within a-z or within A-Z");
    }
    return [this.point(first), this.point(last)];
  }

  private classChar(char: string): string {
    return char === "\\" ? this.escaped(this.next()) : char;
  }
}

/** Parts of the empty text alone are left out, so that what an expression unfolds to bounds what it compiles to. */
function sequence(parts: readonly Expression[]): Expression {
  const left = parts.filter((part) => !isEmpty(part));
  return left.length === 1 ? (left[0] as Expression) : { kind: "sequence", parts: left };
}

function either(alternatives: readonly Expression[]): Expression {
  const left = alternatives.filter((part) => !isEmpty(part));
  if (left.length < alternatives.length) left.push(EMPTY);
  return left.length === 1 ? (left[0] as Expression) : { kind: "either", parts: left };
}

function repeat(part: Expression, least: number, most: number | null): Expression {
  return most === 0 || isEmpty(part) ? EMPTY : { kind: "repeat", part, least, most };
}

function isEmpty(expression: Expression): boolean {
  return expression.kind === "sequence" && expression.parts.length === 0;
}

function isUpperCase(point: number): boolean {
  return point >= 0x41 && point <= 0x5a;
}

/** Whether a range means the same once the text, and the range's own ends, are in lower case. */
function folds(first: number, last: number): boolean {
  const [upperA, upperZ, lowerA, lowerZ] = [0x41, 0x5a, 0x61, 0x7a];
  const isLower = first >= lowerA && last <= lowerZ;
  const isUpper = first >= upperA && last <= upperZ;
  const hasNoLetters = last < upperA || first > lowerZ || (first > upperZ && last < lowerA);
  const hasAllLetters = !isUpperCase(first) && first <= lowerA && last >= lowerZ;
  return isLower || isUpper || hasNoLetters || hasAllLetters;
}

function pairs(set: PointSet): Range[] {
  return Array.from({ length: set.length / 2 }, (_, i) => [set[2 * i] as number, set[2 * i + 1] as number]);
}

function union(ranges: readonly Range[]): PointSet {
  const set: number[] = [];
  for (const [first, last] of [...ranges].sort((own, other) => own[0] - other[0])) {
    const end = set.at(-1) ?? -2;
    if (first <= end + 1) set[set.length - 1] = Math.max(end, last);
    else set.push(first, last);
  }
  return set;
}

function complement(set: PointSet): PointSet {
  const left: number[] = [];
  let next = 0;
  for (const [first, last] of pairs(set)) {
    if (first > next) left.push(next, first - 1);
    next = last + 1;
  }
  if (next <= LAST_POINT) left.push(next, LAST_POINT);
  return left;
}
