import type { Segment } from "@/api/types";
import type { Merged } from "@/domain/drafts/draft";
import { same } from "@/lib/same";

export type SegmentConfig = Pick<
  Segment,
  "name" | "description" | "attribute" | "included" | "excluded" | "when"
>;

export function configOf(segment: Segment): SegmentConfig {
  const { name, description, attribute, included, excluded, when } = segment;
  return { name, description, attribute, included, excluded, when };
}

/** Puts my changes, made on `base`, on top of theirs: keys one by one, everything else as a whole. */
export function rebaseSegment(
  base: SegmentConfig,
  mine: SegmentConfig,
  theirs: SegmentConfig,
): Merged<SegmentConfig> {
  const clashes: string[] = [];
  const choose = <T>(what: string, was: T, my: T, their: T): T => {
    if (same(was, my)) return their;
    if (!same(was, their) && !same(my, their)) clashes.push(what);
    return my;
  };
  const keys = (was: unknown[], my: unknown[], their: unknown[]) => [
    ...their.filter((key) => my.includes(key) || !was.includes(key)),
    ...my.filter((key) => !was.includes(key) && !their.includes(key)),
  ];
  return {
    value: {
      name: choose("the name", base.name, mine.name, theirs.name),
      description: choose("the description", base.description, mine.description, theirs.description),
      attribute: choose("the attribute", base.attribute, mine.attribute, theirs.attribute),
      included: keys(base.included, mine.included, theirs.included),
      excluded: keys(base.excluded, mine.excluded, theirs.excluded),
      when: choose("the condition", base.when, mine.when, theirs.when),
    },
    clashes,
  };
}
