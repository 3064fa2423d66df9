import type { Merged } from "@/domain/drafts/draft";
import { same } from "@/lib/same";
import type { TargetingDraft } from "./config";

/** Puts my changes, made on `base`, on top of theirs. Where both changed the same thing, mine stays. */
export function rebase(
  base: TargetingDraft,
  mine: TargetingDraft,
  theirs: TargetingDraft,
): Merged<TargetingDraft> {
  const clashes: string[] = [];
  const choose = <T>(what: string, was: T, my: T, their: T): T => {
    if (same(was, my)) return their;
    if (!same(was, their) && !same(my, their)) clashes.push(what);
    return my;
  };
  const list = <T>(what: string, was: T[], my: T[], their: T[], idOf: (item: T) => string): T[] => {
    if (same(was, my)) return their;
    if (same(was, their)) return my;
    return mergeLists(was, my, their, idOf, (id) => clashes.push(`${what} ${id}`));
  };
  return {
    value: {
      offVariation: choose("the off variation", base.offVariation, mine.offVariation, theirs.offVariation),
      prerequisites: list(
        "prerequisite",
        base.prerequisites,
        mine.prerequisites,
        theirs.prerequisites,
        (item) => item.flag,
      ),
      targets: list(
        "the targets of",
        base.targets,
        mine.targets,
        theirs.targets,
        (item) => `${item.variation} by ${item.attribute}`,
      ),
      rules: list("rule", base.rules, mine.rules, theirs.rules, (item) => item.id),
      fallthrough: choose("the default", base.fallthrough, mine.fallthrough, theirs.fallthrough),
    },
    clashes,
  };
}

/** My order, with their version of what I did not touch, without what they removed, and with what they added. */
export function mergeLists<T>(
  base: T[],
  mine: T[],
  theirs: T[],
  idOf: (item: T) => string,
  clash: (id: string) => void,
): T[] {
  const find = (items: T[], id: string) => items.find((item) => idOf(item) === id);
  const kept = mine.flatMap((my) => {
    const id = idOf(my);
    const was = find(base, id);
    const their = find(theirs, id);
    if (was === undefined) {
      if (their !== undefined && !same(my, their)) clash(id);
      return [my];
    }
    if (same(was, my)) return their === undefined ? [] : [their];
    if (!same(was, their) && !same(my, their)) clash(id);
    return [my];
  });
  const added = theirs.filter((their) => !find(base, idOf(their)) && !find(mine, idOf(their)));
  for (const was of base) {
    const id = idOf(was);
    const their = find(theirs, id);
    if (!find(mine, id) && their !== undefined && !same(was, their)) clash(id);
  }
  return [...kept, ...added];
}
