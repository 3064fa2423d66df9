/** A JSON Pointer into a targeting or segment, in words: "rule 1", "prerequisite 2", "its condition". */
export function whereWords(pointer: string): string {
  const [, part, place] = /^\/(\w+)(?:\/(\d+))?/.exec(pointer) ?? [];
  const number = place === undefined ? "" : ` ${Number(place) + 1}`;
  switch (part) {
    case "rules":
      return `rule${number}`;
    case "prerequisites":
      return `prerequisite${number}`;
    case "targets":
      return `targets${number}`;
    case "when":
      return "its condition";
    case "fallthrough":
      return "everyone else";
    case "offVariation":
      return "when off";
    default:
      return pointer;
  }
}
