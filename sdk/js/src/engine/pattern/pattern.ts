/**
 * Matches portable regular expressions in linear time for every expression and text. It follows all paths through the
 * expression at once (Thompson, 1968). Each set of paths is cached as one state of a deterministic automaton, where the
 * next character is only a lookup. The cache is bounded.
 *
 * It is our own because `RegExp` backtracks, and because `re2js`, a port of RE2, takes 46 KB gzipped where these four
 * files take 3.8.
 */

import { Alphabet } from "./alphabet.js";
import type { PointSet } from "./parse.js";
import { parsePattern } from "./parse.js";
import type { Program, State } from "./program.js";
import { compileProgram } from "./program.js";

export interface Pattern {
  /** Whether there is a match somewhere in the text. */
  matches(text: string): boolean;
}

/**
 * Compiles an expression. With `fold`, it expects text whose letters A to Z are in lower case.
 *
 * @throws NotPortable with the reason.
 */
export function compilePattern(pattern: string, fold: boolean): Pattern {
  return new Automaton(compileProgram(parsePattern(pattern, fold)));
}

/** The most numbers that the remembered steps of one pattern hold. */
const MAX_REMEMBERED = 1 << 15;

/** After so many characters that were not remembered, and half of all, remembering costs more than it brings. */
const MAX_MISSES = 500;

/** Every so many characters it is tried again: the ways may have come to be the same after each. */
const RETRY = 64;

/** Where an automaton is before a character: the ways through the expression, and what places there depend on. */
interface Step {
  readonly ways: readonly number[];
  readonly atStart: boolean;
  readonly afterWord: boolean;
  /** By class of the next character. Undefined where never met. */
  readonly next: (Step | typeof MATCHED | undefined)[];
}

const MATCHED = true;

const READ = 0;
const FORK = 1;
const MATCH = 2;
const START = 3;
const END = 4;
const EDGE = 5;

function kindOf(state: State): number {
  if (state.kind === "place") return { start: START, end: END, edge: EDGE }[state.place];
  return { read: READ, fork: FORK, match: MATCH }[state.kind];
}

class Automaton implements Pattern {
  private readonly alphabet: Alphabet;
  /** The program's states, side by side: what they do, and where they go on. */
  private readonly kinds: Uint8Array;
  private readonly nexts: Uint32Array;
  private readonly others: Uint32Array;
  private readonly start: number;
  /** For each state that reads: the classes of its set, by their first and last where that is one range. */
  private readonly low: Uint16Array;
  private readonly high: Uint16Array;
  private readonly sets: readonly (Uint8Array | undefined)[];
  /** In which round each state was last reached: so no set has to be cleared. */
  private readonly reached: Uint32Array;
  private round = 0;
  private readonly steps = new Map<string, Step>();
  private remembered = 0;
  private readonly first: Step;

  constructor({ states, start }: Program) {
    this.kinds = Uint8Array.from(states, kindOf);
    this.nexts = Uint32Array.from(states, (state) => (state.kind === "match" ? 0 : state.next));
    this.others = Uint32Array.from(states, (state) => (state.kind === "fork" ? state.other : 0));
    this.start = start;
    const reading = (state: State): PointSet => (state.kind === "read" ? state.set : []);
    const written = new Set(states.map(reading));
    this.alphabet = new Alphabet(written);
    const classes = new Map([...written].map((set) => [set, this.alphabet.classes(set)]));
    const sets = states.map((state) => classes.get(reading(state)) ?? []);
    // The empty set, as of `[^\s\S]`, has no class between its ends.
    this.low = Uint16Array.from(sets, (set) => set[0] ?? 1);
    this.high = Uint16Array.from(sets, (set) => set.at(-1) ?? 0);
    const members = new Map([...new Set(sets)].map((set) => [set, this.alphabet.members(set)]));
    this.sets = sets.map((set) => (set.length > 2 ? members.get(set) : undefined));
    this.reached = new Uint32Array(states.length);
    this.first = { ways: [start], atStart: true, afterWord: false, next: [] };
  }

  matches(text: string): boolean {
    let step = this.first;
    let misses = 0;
    for (let at = 0; at < text.length; at++) {
      let point = text.charCodeAt(at);
      if (point >= 0xd800 && point <= 0xdfff) {
        point = text.codePointAt(at) as number;
        if (point > 0xffff) at++;
      }
      const character = this.alphabet.classOf(point);
      let next = step.next[character];
      if (next === undefined) {
        misses++;
        const remember = misses < MAX_MISSES || misses < at / 2 || misses % RETRY === 0;
        next = this.explore(step, character, remember);
      }
      if (next === MATCHED) return true;
      step = next;
    }
    const { end } = this.alphabet;
    return (step.next[end] ?? this.explore(step, end, true)) === MATCHED;
  }

  /** The step after a character; `MATCHED` where there is a match before it. */
  private explore(step: Step, character: number, remember: boolean): Step | typeof MATCHED {
    const afterWord = this.alphabet.isWord(character);
    const ways = this.advance(step, character, afterWord);
    if (ways && !remember) return { ways, atStart: false, afterWord, next: [] };
    const next = ways ? this.remember(ways, afterWord) : MATCHED;
    step.next[character] = next;
    return next;
  }

  /** The ways that are left after a character; null where one matches before it. */
  private advance({ ways, atStart, afterWord }: Step, character: number, isWord: boolean): number[] | null {
    const passes: boolean[] = [];
    passes[START] = atStart;
    passes[END] = character === this.alphabet.end;
    passes[EDGE] = afterWord !== isWord;
    const stack = ways.slice();
    // A match may begin anywhere.
    const left = [this.start];
    const round = this.nextRound();
    while (stack.length > 0) {
      const index = stack.pop() as number;
      if (this.reached[index] === round) continue;
      this.reached[index] = round;
      const kind = this.kinds[index] as number;
      const next = this.nexts[index] as number;
      if (kind === READ) {
        if (this.reads(index, character) && next !== this.start) left.push(next);
      } else if (kind === FORK) stack.push(next, this.others[index] as number);
      else if (kind === MATCH) return null;
      else if (passes[kind]) stack.push(next);
    }
    return left;
  }

  private reads(index: number, character: number): boolean {
    if (character < (this.low[index] as number) || character > (this.high[index] as number)) return false;
    const set = this.sets[index];
    return !set || set[character] === 1;
  }

  private nextRound(): number {
    if (this.round === 0xffffffff) {
      this.reached.fill(0);
      this.round = 0;
    }
    this.round++;
    return this.round;
  }

  private remember(ways: number[], afterWord: boolean): Step {
    const distinct = [...new Set(ways)].sort((own, other) => own - other);
    const key = (afterWord ? "w" : "") + distinct.join();
    const known = this.steps.get(key);
    if (known) return known;
    const cost = distinct.length + this.alphabet.end;
    if (this.remembered + cost > MAX_REMEMBERED) this.forget();
    this.remembered += cost;
    const step: Step = { ways: distinct, atStart: false, afterWord, next: [] };
    this.steps.set(key, step);
    return step;
  }

  /** Steps hold on to each other: those that are still in use must not hold the others. */
  private forget(): void {
    for (const step of [this.first, ...this.steps.values()]) step.next.length = 0;
    this.steps.clear();
    this.remembered = 0;
  }
}
