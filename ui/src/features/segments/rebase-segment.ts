import type { Segment } from "@/api/types";
import type { Merged } from "@/domain/drafts/draft";
import { mergeValues } from "@/domain/drafts/lists";
import { mergeConditions } from "@/domain/targeting/merge-conditions";
import { same } from "@/lib/same";
import { messages } from "./messages";

export type SegmentConfig = Pick<
  Segment,
  "name" | "description" | "attribute" | "included" | "excluded" | "when"
>;

export function configOf(segment: Segment): SegmentConfig {
  const { name, description, attribute, included, excluded, when } = segment;
  return { name, description, attribute, included, excluded, when };
}

/** Puts my changes, made on `base`, on top of theirs: keys one by one, conditions by what they look at. */
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
  return {
    value: {
      name: choose(messages.clashes.name, base.name, mine.name, theirs.name),
      description: choose(
        messages.clashes.description,
        base.description,
        mine.description,
        theirs.description,
      ),
      attribute: choose(messages.clashes.attribute, base.attribute, mine.attribute, theirs.attribute),
      included: mergeValues(base.included, mine.included, theirs.included),
      excluded: mergeValues(base.excluded, mine.excluded, theirs.excluded),
      when: mergeConditions(base.when, mine.when, theirs.when, (what) => clashes.push(what)),
    },
    clashes,
  };
}
