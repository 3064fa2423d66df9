// Random rulesets and contexts, mostly good, over few names, so that references and values meet.
import type { Random } from "./random.js";

/** JSON to be, in which a `Written` stands for itself: numbers may be written in many ways. */
export type Draft = null | boolean | number | string | Written | Draft[] | { [name: string]: Draft };

/** A piece of JSON text. */
export class Written {
  constructor(readonly text: string) {}
}

export function write(draft: Draft): string {
  if (draft instanceof Written) return draft.text;
  if (Array.isArray(draft)) return `[${draft.map(write).join()}]`;
  if (typeof draft !== "object" || draft === null) return JSON.stringify(draft);
  const members = Object.entries(draft).map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`);
  return `{${members.join()}}`;
}

const KEYS = ["a", "b", "c", "d"];

const NUMBERS = [
  ...["0", "-0", "-0.0", "1", "1.0", "1e0", "2.5", "-7", "3e2", "0.1", "1e300", "-1e300", "5e-324", "1e-7"],
  ...["9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740991", "-9007199254740993"],
  ...[
    "18446744073709551615",
    "-9223372036854775808",
    "123456789012345678901234567890",
    "4294967296",
    "99999.5",
  ],
  ...["1700000000000", "1704067200000", "1704067200000.5", "100000", "100000.0", "1E5"],
].map((text) => new Written(text));

const TEXTS = [
  ...["", "a", "A", "ab", "aB", "AB", "abc", "b", "user-1", "user-2", "SE", "se", "true", "1", "null", "%"],
  ...[
    "é",
    "É",
    "e\u0301",
    "ß",
    "SS",
    "İ",
    "i",
    "ı",
    "\u212a",
    "k",
    "K",
    "ſ",
    "s",
    "🙂",
    "a🙂b",
    "\u{10ffff}",
  ],
  ...["\u0000", "\n", " ", "\u00a0", "\u2028", "\ufeff", "\ufffd", "\uffff", "x\ny", "a.b", "a/b", "a~b"],
  ...["٣", "１", "constructor", "__proto__", "toString", "targetingKey", "user-1 ", "x".repeat(300)],
];

const VERSIONS = [
  ...[
    "1",
    "1.2",
    "1.2.3",
    "1.2.3-rc.1",
    "1.2.3-rc.2",
    "1.2.3-rc.10",
    "1.2.3-alpha",
    "1.2.3+b",
    "1.2.3-rc.1+b.7",
  ],
  ...[
    "0",
    "0.0.0",
    "2.0.0-0",
    "2.0.0--",
    "2.0.0-0a",
    "2.0.0-A",
    "2.0.0-a",
    "2-a.b.c",
    "18446744073709551616.0",
  ],
  ...[
    "v1",
    "1.",
    ".1",
    "01",
    "1.02",
    "1.2.3.4",
    "1-",
    "1-01",
    "1-a..b",
    "1+",
    "1+a+b",
    "1.2.3-é",
    " 1",
    "1 ",
  ],
];

const INSTANTS = [
  ...["2024-01-01T00:00:00Z", "2024-01-01t00:00:00z", "2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00.5Z"],
  ...[
    "2023-12-31T23:59:60Z",
    "2024-01-01T00:00:00.0019999Z",
    "2024-02-29T12:00:00-23:59",
    "1970-01-01T00:00:00Z",
  ],
  ...["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "0000-02-29T00:00:00Z", "1969-12-31T23:59:59.999Z"],
  ...[
    "2023-02-29T00:00:00Z",
    "2024-01-01",
    "2024-01-01 00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-13-01T00:00:00Z",
  ],
  ...["2024-01-01T00:00:00", "2024-01-01T00:00:00+0200", "2024-01-01T00:00:00.Z", "٢٠٢٤-01-01T00:00:00Z"],
];

const ADDRESSES = [
  ...[
    "10.0.0.1",
    "10.255.255.255",
    "11.0.0.0",
    "192.0.2.7",
    "0.0.0.0",
    "255.255.255.255",
    "010.0.0.1",
    "10.0.0",
  ],
  ...[
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:a00:1",
    "::10.0.0.1",
    "2001:db8::1",
    "2001:DB8:0:0:0:0:0:1",
    "fe80::1",
  ],
  ...[
    "1:2:3:4:5:6:7::",
    "1:2:3:4:5:6:7:8",
    "::2:3:4:5:6:7:8",
    "1:2:3:4:5:6:1.2.3.4",
    "1::1.2.3.4",
    "1.2.3.4::",
  ],
  ...[
    "1:2:3:4:5:6::1.2.3.4",
    "1::2::3",
    ":::",
    ":",
    "1:2",
    "12345::",
    "::00001",
    "fe80::1%eth0",
    "[::1]",
    "::g",
  ],
  ...[
    "10.0.0.256",
    "1.2.3.4.5",
    "::1.2.3",
    "::1.2.3.04",
    "1:2:3:4:5:6:7:1.2.3.4",
    "64:ff9b::10.0.0.1",
    "1:2:3:4:5::1.2.3.4",
  ],
];

const PREFIXES = [
  "",
  "/0",
  "/8",
  "/15",
  "/16",
  "/17",
  "/31",
  "/32",
  "/33",
  "/64",
  "/95",
  "/96",
  "/104",
  "/127",
  "/128",
];
const BAD_PREFIXES = ["/129", "/08", "/", "/+8", "/-1", "/8/8", "/a"];

const ATTRIBUTES = [
  "targetingKey",
  "x",
  "y",
  "z",
  "/o/p",
  "/o/l/0",
  "/o/l/1",
  "/o",
  "/targetingKey",
  "/x",
  "o.p",
];
const ODD_ATTRIBUTES = [
  ...["missing", "/o/q/r", "/o/l/00", "/o/l/-", "/o/l/2", "/o/a~1b", "/o/m~0n", "/", "", "/x/0", "/o/", "//"],
  ...["/~", "/o/~2", "/o/p~", "constructor", "__proto__", "/o/constructor", "/targetingKey/0", "/o/~01"],
];

const OPERATORS = [
  ...["in", "startsWith", "endsWith", "contains", "matches", "lt", "lte", "gt", "gte", "before", "after"],
  ...["semverEq", "semverLt", "semverLte", "semverGt", "semverGte", "inCidr", "exists"],
];

/** Makes rulesets and contexts; `prefix` keeps the keys of one ruleset apart from those of others. */
export class Rulesets {
  constructor(
    private readonly random: Random,
    private readonly prefix: string,
  ) {}

  keys(): string[] {
    return KEYS.map((key) => this.prefix + key);
  }

  flags(): { [key: string]: Draft } {
    return Object.fromEntries(this.keys().map((key) => [key, this.spoilt(this.flag())]));
  }

  segments(): { [key: string]: Draft } {
    const keys = this.keys().filter(() => this.random.chance(0.8));
    return Object.fromEntries(keys.map((key) => [key, this.spoilt(this.segment())]));
  }

  context(): { [name: string]: Draft } {
    const { random } = this;
    const inner: { [name: string]: Draft } = {
      p: this.attributeValue(),
      l: random.list(0, 3, () => this.operand()),
    };
    for (const name of ["a/b", "m~n", "", "~1", "constructor"])
      if (random.chance(0.2)) inner[name] = this.operand();
    const context: { [name: string]: Draft } = {};
    if (random.chance(0.8)) context.targetingKey = random.chance(0.9) ? this.text() : null;
    for (const name of ["x", "y", "z"]) if (random.chance(0.8)) context[name] = this.attributeValue();
    if (random.chance(0.7)) context.o = random.chance(0.9) ? inner : this.attributeValue();
    if (random.chance(0.1)) context[random.pick(["", "o.p", "constructor", "toString"])] = this.operand();
    return context;
  }

  private key(): string {
    return this.random.chance(0.95) ? this.prefix + this.random.pick(KEYS) : "unknown";
  }

  private flag(): { [name: string]: Draft } {
    const { random } = this;
    const [type, values] = random.pick<[string, () => Draft]>([
      ["boolean", () => random.chance(0.5)],
      ["string", () => this.text()],
      ["number", () => random.pick(NUMBERS)],
      ["object", () => ({ a: this.operand(), l: [this.operand()] })],
    ]);
    return {
      type,
      enabled: random.chance(0.9),
      variations: { on: values(), off: values(), ...(random.chance(0.3) ? { __proto: values() } : {}) },
      ...this.sometimes("offVariation", () => (random.chance(0.8) ? this.variation() : null)),
      ...this.sometimes("prerequisites", () => random.list(0, 2, () => this.dependency()), 0.3),
      ...this.sometimes("targets", () => random.list(0, 2, () => this.target()), 0.3),
      ...this.sometimes("rules", () => random.list(0, 3, () => this.rule()), 0.8),
      fallthrough: this.serve(),
      ...this.sometimes("salt", () => random.pick(["", "salt", "é", "🙂"])),
      ...this.sometimes("version", () =>
        this.whole([0, 1, 7, new Written("7.0"), new Written("9007199254740991")]),
      ),
      ...this.sometimes("clientVisible", () => random.chance(0.5)),
      ...this.sometimes("track", () => random.chance(0.5), 0.2),
      ...this.sometimes("tomorrow", () => this.operand(), 0.1),
    };
  }

  private segment(): { [name: string]: Draft } {
    const { random } = this;
    return {
      ...this.sometimes("attribute", () => this.attribute()),
      ...this.sometimes("included", () => random.list(0, 6, () => this.scalar())),
      ...this.sometimes("excluded", () => random.list(0, 6, () => this.scalar())),
      ...this.sometimes("when", () => (random.chance(0.9) ? this.condition(0) : null), 0.8),
      ...this.sometimes("version", () => this.whole([0, 3]), 0.3),
    };
  }

  private target(): Draft {
    return {
      variation: this.variation(),
      ...this.sometimes("attribute", () => this.attribute()),
      ...this.sometimes("values", () => this.random.list(0, 6, () => this.operand()), 0.9),
    };
  }

  private rule(): Draft {
    return {
      ...this.sometimes("id", () => this.random.pick(["", "r1", "é"])),
      when: this.condition(0),
      serve: this.serve(),
    };
  }

  private dependency(): { [name: string]: Draft } {
    return { flag: this.key(), variations: this.random.list(0, 2, () => this.variation()) };
  }

  private variation(): string {
    return this.random.chance(0.96)
      ? this.random.pick(["on", "off"])
      : this.random.pick(["blue", "constructor"]);
  }

  private serve(): Draft {
    const { random } = this;
    if (random.chance(0.6)) return { variation: this.variation() };
    const bounds = random.list(0, 3, () => random.below(100_001)).sort((own, other) => own - other);
    const weights = [...bounds, random.chance(0.97) ? 100_000 : 99_999].map((bound, i, all): Draft => {
      const weight = bound - (i > 0 ? (all[i - 1] as number) : 0);
      return [this.variation(), random.chance(0.9) ? weight : new Written(`${weight}.0`)];
    });
    return { split: { ...this.by(), weights } };
  }

  private by(): { [name: string]: Draft } {
    return {
      ...this.sometimes("by", () => this.attribute()),
      ...this.sometimes("seed", () => this.random.pick(["", "s", "é", "🙂🙂", null])),
    };
  }

  private condition(depth: number): Draft {
    const { random } = this;
    if (depth === 0 && random.chance(0.02)) return this.deep(random.pick([30, 31, 32]));
    const nested = (): Draft => random.list(0, 3, () => this.condition(depth + 1));
    const branches = depth < 5 ? 1 : 0;
    return random.either<Draft>(
      [8, () => this.clause()],
      [1, () => ({ bucket: this.bucket() })],
      [1.5, () => ({ segment: this.key() })],
      [1, () => this.dependency()],
      [branches, () => ({ all: nested() })],
      [branches, () => ({ any: nested() })],
      [branches, () => ({ not: this.condition(depth + 1) })],
    );
  }

  private deep(depth: number): Draft {
    return depth === 0 ? this.clause() : { not: this.deep(depth - 1) };
  }

  private bucket(): Draft {
    const { random } = this;
    const place = (): Draft => this.whole([0, 100, 50_000, 100_000, 4_294_967_295, random.below(100_001)]);
    return { ...this.by(), ...this.sometimes("from", place), below: place() };
  }

  private whole(good: Draft[]): Draft {
    return this.random.chance(0.97)
      ? this.random.pick(good)
      : this.random.pick([-1, 1.5, "1", null, 4_294_967_296]);
  }

  private clause(): Draft {
    const { random } = this;
    const op = random.pick(OPERATORS);
    const ofOperator = (): Draft => (random.chance(0.95) ? this.valueOf(op) : this.operand());
    return {
      attribute: this.attribute(),
      op,
      ...this.sometimes("values", () => random.list(0, 4, ofOperator), 0.97),
      ...this.sometimes("negate", () => random.chance(0.6), 0.4),
      ...this.sometimes("ignoreCase", () => random.chance(0.7), 0.4),
    };
  }

  /** A value that the operator can read, as a rule. */
  private valueOf(op: string): Draft {
    const { random } = this;
    if (op === "in") return this.scalar();
    if (op === "matches") return this.pattern();
    if (op.startsWith("semver")) return random.pick(VERSIONS);
    if (op === "before" || op === "after")
      return random.chance(0.7) ? random.pick(INSTANTS) : random.pick(NUMBERS);
    if (op === "inCidr")
      return random.pick(ADDRESSES) + random.pick(random.chance(0.9) ? PREFIXES : BAD_PREFIXES);
    return /^[lg]te?$/.test(op) ? random.pick(NUMBERS) : this.text();
  }

  private attribute(): string {
    return this.random.pick(this.random.chance(0.85) ? ATTRIBUTES : ODD_ATTRIBUTES);
  }

  private attributeValue(): Draft {
    return this.random.either<Draft>(
      [6, () => this.operand()],
      [3, () => this.random.list(0, 4, () => this.operand())],
      [0.5, () => ({ p: this.operand() })],
    );
  }

  private text(): string {
    const { random } = this;
    return random.either(
      [6, () => random.pick(TEXTS)],
      [1, () => random.pick(["user-", "", "u"]) + random.below(1000)],
      [2, () => random.list(0, 8, () => random.pick([..."aAbBzZ09_-. \n^é🙂\u212a"])).join("")],
    );
  }

  private scalar(): Draft {
    const { random } = this;
    return random.either<Draft>(
      [6, () => this.text()],
      [2, () => random.pick(NUMBERS)],
      [1, () => random.chance(0.5)],
      [0.1, () => null],
    );
  }

  private operand(): Draft {
    const { random } = this;
    return random.either<Draft>(
      [6, () => this.text()],
      [3, () => random.pick(NUMBERS)],
      [1, () => random.pick(VERSIONS)],
      [1, () => random.pick(INSTANTS)],
      [1, () => random.pick(ADDRESSES)],
      [1, () => random.chance(0.5)],
      [0.3, () => null],
      [0.2, () => [this.text()]],
      [0.2, () => ({})],
    );
  }

  /** A portable regular expression, as a rule. */
  private pattern(): string {
    const { random } = this;
    const malformed = [
      "(?=a)",
      "\\1",
      "\\B",
      "[a",
      "a**",
      "a{2,1}",
      "{1}",
      "]",
      "^*",
      "[z-a]",
      "\\p{L}",
      "a{1001}",
      ")",
    ];
    const body = this.alternatives(0);
    return random.chance(0.05) ? body + random.pick(malformed) : body;
  }

  private alternatives(depth: number): string {
    const { random } = this;
    return random
      .list(1, random.chance(0.3) ? 3 : 1, () => random.list(0, 4, () => this.term(depth)).join(""))
      .join("|");
  }

  private term(depth: number): string {
    const { random } = this;
    const places = ["^", "$", "\\b"];
    if (random.chance(0.15)) return random.pick(places);
    const atom = random.either(
      [6, () => random.pick([..."aAbBzZ09_ é🙂\u212aß-/"])],
      [
        2,
        () =>
          random.pick([".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\n", "\\.", "\\-", "\\^", "\\\\"]),
      ],
      [2, () => this.characterClass()],
      [depth < 4 ? 2 : 0, () => `${random.pick(["(", "(?:"])}${this.alternatives(depth + 1)})`],
    );
    const quantifiers = [
      "*",
      "+",
      "?",
      "*?",
      "{2}",
      "{0}",
      "{1,2}",
      "{0,3}?",
      "{2,}",
      "{0,}",
      "{1}",
      "{1}?",
      "{,2}",
    ];
    return atom + (random.chance(0.35) ? random.pick(quantifiers) : "");
  }

  private characterClass(): string {
    const { random } = this;
    const ranges = [
      "a-z",
      "A-Z",
      "0-9",
      "a-f",
      "B-Y",
      "A-z",
      " -~",
      "!-/",
      "à-ü",
      "🙂-🙄",
      "Z-b",
      "@-z",
      "--/",
      "+--",
    ];
    const items = random.list(1, 3, () =>
      random.either(
        [3, () => random.pick([..."aAbBzZ09_é🙂^&~. "])],
        [3, () => random.pick(ranges)],
        [1, () => random.pick(["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\]", "\\[", "\\-", "\\n"])],
      ),
    );
    return `[${random.chance(0.3) ? "^" : ""}${random.chance(0.1) ? "-" : ""}${items.join("")}${random.chance(0.1) ? "-" : ""}]`;
  }

  private sometimes(name: string, make: () => Draft, probability = 0.5): { [name: string]: Draft } {
    return this.random.chance(probability) ? { [name]: make() } : {};
  }

  /** Now and then with one part replaced by anything, taken out, or doubled under another name. */
  private spoilt(draft: { [name: string]: Draft }): Draft {
    const { random } = this;
    if (random.chance(0.85)) return draft;
    if (random.chance(0.05)) return this.junk(0);
    const holders = parts(draft);
    const holder = random.pick(holders) as Draft[] & { [name: string]: Draft };
    const names = Object.keys(holder);
    if (names.length === 0) return draft;
    const name = random.pick(names) as never as number;
    if (random.chance(0.7)) (holder as Draft[])[name] = this.junk(0);
    else if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else delete (holder as { [name: string]: Draft })[name as never as string];
    return draft;
  }

  private junk(depth: number): Draft {
    const { random } = this;
    const names = [
      "type",
      "variation",
      "split",
      "when",
      "all",
      "not",
      "attribute",
      "op",
      "values",
      "flag",
      "boolean",
      "in",
    ];
    const nested = depth < 3 ? 1 : 0;
    return random.either<Draft>(
      [4, () => this.operand()],
      [1, () => random.pick(names)],
      [nested, () => random.list(0, 3, () => this.junk(depth + 1))],
      [nested, () => Object.fromEntries(random.list(0, 3, () => [random.pick(names), this.junk(depth + 1)]))],
    );
  }
}

/** Every object and list within. */
function parts(draft: Draft): Draft[] {
  if (typeof draft !== "object" || draft === null || draft instanceof Written) return [];
  return [draft, ...Object.values(draft).flatMap(parts)];
}
