/** Classes of characters that no part of an expression tells apart, numbered in the order of their code points. */

import type { PointSet } from "./parse.js";

/** Ranges of classes: first, last, first, last … */
export type ClassSet = readonly number[];

const AFTER_LAST_POINT = 0x110000;

export class Alphabet {
  /** The class of the text's end: one past those of characters. */
  readonly end: number;
  /** The first code point of each class, ascending from 0. */
  private readonly firsts: readonly number[];
  private readonly ascii: Uint16Array;

  constructor(sets: Iterable<PointSet>) {
    // Words are distinguished for the sake of `\b`.
    const firsts = new Set([0, 0x30, 0x3a, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x7b]);
    for (const set of sets) {
      for (const [index, point] of set.entries()) firsts.add(index % 2 === 0 ? point : point + 1);
    }
    firsts.delete(AFTER_LAST_POINT);
    this.firsts = [...firsts].sort((own, other) => own - other);
    this.end = this.firsts.length;
    this.ascii = Uint16Array.from({ length: 0x80 }, (_, point) => lastAtMost(this.firsts, point));
  }

  classOf(point: number): number {
    return point < 0x80 ? (this.ascii[point] as number) : lastAtMost(this.firsts, point);
  }

  /** Whether its characters are ASCII letters, digits or `_`. */
  isWord(character: number): boolean {
    const first = this.firsts[character];
    return first !== undefined && first < 0x80 && /^\w$/.test(String.fromCharCode(first));
  }

  /** A set whose bounds the classes were made of. */
  classes(set: PointSet): ClassSet {
    return set.map((point) => this.classOf(point));
  }

  /** For each class whether a set holds it: 1 or 0. */
  members(set: ClassSet): Uint8Array {
    const members = new Uint8Array(this.end);
    for (let i = 0; i < set.length; i += 2) members.fill(1, set[i], (set[i + 1] as number) + 1);
    return members;
  }
}

/** The index of the last of ascending numbers that is at most `wanted`; -1 where none is. */
function lastAtMost(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
