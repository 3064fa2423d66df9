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
    // Words are told apart for the sake of `\b`.
    const firsts = new Set([0, 0x30, 0x3a, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x7b]);
    for (const set of sets) {
      for (const [index, point] of set.entries()) firsts.add(index % 2 === 0 ? point : point + 1);
    }
    firsts.delete(AFTER_LAST_POINT);
    this.firsts = [...firsts].sort((own, other) => own - other);
    this.end = this.firsts.length;
    this.ascii = Uint16Array.from({ length: 0x80 }, (_, point) => lastAtMost(this.firsts, 1, point));
  }

  classOf(point: number): number {
    return point < 0x80 ? (this.ascii[point] as number) : lastAtMost(this.firsts, 1, point);
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
}

/** Whether a set of more than one range holds a class. */
export function holds(set: ClassSet, character: number): boolean {
  const range = lastAtMost(set, 2, character);
  return range >= 0 && character <= (set[2 * range + 1] as number);
}

/** Of every `stride`th of ascending numbers, the index of the last that is at most `wanted`; -1 where none is. */
function lastAtMost(numbers: readonly number[], stride: number, wanted: number): number {
  let low = 0;
  let high = numbers.length / stride;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle * stride] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
