/**
 * An expression unfolded into a nondeterministic automaton (Thompson, 1968): numbered states, each of which reads one
 * character, looks at its place, goes on in two ways, or matches.
 */

import type { Expression, Place, PointSet } from "./parse.js";

export type State =
  | { readonly kind: "read"; readonly set: PointSet; readonly next: number }
  | { readonly kind: "place"; readonly place: Place; readonly next: number }
  | { readonly kind: "fork"; readonly next: number; readonly other: number }
  | { readonly kind: "match" };

export interface Program {
  readonly states: readonly State[];
  readonly start: number;
}

/** What is compiled grows with what the expression unfolds to, whose limit the parser has kept. */
export function compileProgram(expression: Expression): Program {
  const states: State[] = [];
  const add = (state: State): number => states.push(state) - 1;

  /** Adds what matches the expression and then goes on at `next`; returns where it begins. */
  const compile = (part: Expression, next: number): number => {
    switch (part.kind) {
      case "set":
        return add({ kind: "read", set: part.set, next });
      case "place":
        return add({ kind: "place", place: part.place, next });
      case "sequence":
        return part.parts.reduceRight((after, each) => compile(each, after), next);
      case "either":
        return part.parts
          .map((each) => compile(each, next))
          .reduceRight((after, each) => add({ kind: "fork", next: each, other: after }));
      case "repeat":
        return repeat(part.part, part.least, part.most, next);
    }
  };
  const repeat = (part: Expression, least: number, most: number | null, next: number): number => {
    let after = next;
    let copies = least;
    if (most === null) {
      // `a*`, or the last of the copies that `a+` and `a{n,}` ask for.
      const fork = add({ kind: "match" });
      const body = compile(part, fork);
      states[fork] = { kind: "fork", next: body, other: next };
      after = least > 0 ? body : fork;
      copies = Math.max(0, least - 1);
    } else {
      for (let i = least; i < most; i++)
        after = add({ kind: "fork", next: compile(part, after), other: next });
    }
    for (let i = 0; i < copies; i++) after = compile(part, after);
    return after;
  };

  const match = add({ kind: "match" });
  return { start: compile(expression, match), states };
}
