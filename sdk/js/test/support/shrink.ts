import type { Draft } from "./rulesets.js";
import { Written } from "./rulesets.js";

/** How often a smaller draft is tried at most. */
const TRIES = 600;

/** Takes parts out of a draft for as long as it still fails; one that `fails` throws on does not count. */
export async function shrink(draft: Draft, fails: (draft: Draft) => Promise<boolean>): Promise<Draft> {
  let smallest = draft;
  let tries = 0;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const smaller of simpler(smallest)) {
      tries++;
      if (tries > TRIES) return smallest;
      if (!(await fails(smaller).catch(() => false))) continue;
      smallest = smaller;
      shrunk = true;
      break;
    }
  }
  return smallest;
}

/** The draft with one part less, or one part of a part less …; the largest parts first. */
function* simpler(draft: Draft): Generator<Draft> {
  if (typeof draft === "string") {
    if (draft.length > 1) yield [...draft].slice(0, -1).join("");
    return;
  }
  if (typeof draft !== "object" || draft === null || draft instanceof Written) return;
  for (const name of Object.keys(draft)) yield without(draft, name);
  for (const [name, part] of Object.entries(draft)) {
    for (const smaller of simpler(part)) yield withPart(draft, name, smaller);
  }
}

function without(draft: Draft[] | { [name: string]: Draft }, name: string): Draft {
  if (Array.isArray(draft)) return draft.filter((_, i) => i !== Number(name));
  return Object.fromEntries(Object.entries(draft).filter(([own]) => own !== name));
}

function withPart(draft: Draft[] | { [name: string]: Draft }, name: string, part: Draft): Draft {
  if (Array.isArray(draft)) return draft.map((each, i) => (i === Number(name) ? part : each));
  return { ...draft, [name]: part };
}
