import { catalog } from "./language/catalog";
import { plural } from "./language/format";

export const messages = catalog("lib", {
  pageTitle: (page: string) => `${page} · Peek-a-boo`,
  justNow: "just now",
  key: {
    missing: "Enter a key.",
    tooLong: (most: number) =>
      `A key can have at most ${plural(most, { one: "# character", other: "# characters" })}.`,
    badStart: "A key must start with a lowercase letter or a digit.",
    badCharacter: "A key can only contain lowercase letters, digits, dots, dashes, and underscores.",
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
