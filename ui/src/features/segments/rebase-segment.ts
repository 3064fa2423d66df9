import type { Segment } from "@/api/types";
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
): SegmentConfig {
  const choose = <T>(was: T, my: T, their: T): T => (same(was, my) ? their : my);
  const keys = (was: unknown[], my: unknown[], their: unknown[]) => [
    ...their.filter((key) => my.includes(key) || !was.includes(key)),
    ...my.filter((key) => !was.includes(key) && !their.includes(key)),
  ];
  return {
    name: choose(base.name, mine.name, theirs.name),
    description: choose(base.description, mine.description, theirs.description),
    attribute: choose(base.attribute, mine.attribute, theirs.attribute),
    included: keys(base.included, mine.included, theirs.included),
    excluded: keys(base.excluded, mine.excluded, theirs.excluded),
    when: choose(base.when, mine.when, theirs.when),
  };
}
