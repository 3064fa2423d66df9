import { number } from "./language/format";
import { messages } from "./messages";

/** The part of a targeting or segment that a JSON Pointer leads to: "rule 1", "prerequisite 2", "everyone else". */
export function whereWords(pointer: string): string {
  const [, part, place] = /^\/(\w+)(?:\/(\d+))?/.exec(pointer) ?? [];
  const nth = place === undefined ? "" : number(Number(place) + 1);
  const { where } = messages;
  switch (part) {
    case "rules":
      return where.rule(nth);
    case "prerequisites":
      return where.prerequisite(nth);
    case "targets":
      return where.targets(nth);
    case "when":
    case "fallthrough":
    case "offVariation":
      return where[part];
    default:
      return pointer;
  }
}
