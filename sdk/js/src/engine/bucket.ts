/**
 * Buckets: which of 100,000 equal parts a key falls in. This never changes.
 *
 * The hash is MurmurHash3_x86_32 by Austin Appleby, who placed it in the public domain
 * (https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp), with seed 0, in 32-bit arithmetic.
 */

import type { Attribute } from "./attribute.js";

/** What the weights of a split sum to, and one past the last bucket. */
export const BUCKETS = 100_000;

/** The part of a hash that a seed contributes, computed once. */
export interface Seed {
  readonly hash: number;
  /** Up to three bytes that do not fill a block yet, the first lowest, and how many bits they are. */
  readonly pending: number;
  readonly pendingBits: number;
  readonly length: number;
}

export function parseSeed(seed: string): Seed {
  const state = new Murmur3(EMPTY);
  state.write(seed);
  state.write(".");
  return state;
}

/** The bucket of a string or of an integer that every double holds exactly; null for anything else. */
export function bucketOf(seed: Seed, attribute: Attribute): number | null {
  if (typeof attribute === "string") return bucket(seed, attribute);
  // In decimal; -0 is "0".
  return Number.isSafeInteger(attribute) ? bucket(seed, String(attribute)) : null;
}

function bucket(seed: Seed, value: string): number {
  const state = new Murmur3(seed);
  state.write(value);
  // A double holds the product exactly, and the division only moves its point.
  return Math.floor((state.finish() * BUCKETS) / 2 ** 32);
}

class Murmur3 implements Seed {
  hash: number;
  pending: number;
  pendingBits: number;
  length: number;

  constructor({ hash, pending, pendingBits, length }: Seed) {
    this.hash = hash;
    this.pending = pending;
    this.pendingBits = pendingBits;
    this.length = length;
  }

  /** Hashes the text as UTF-8. A lone surrogate counts as U+FFFD, as wherever text becomes UTF-8. */
  write(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80) {
        this.push(unit);
        continue;
      }
      const point = text.codePointAt(at) as number;
      if (point > 0xffff) at++;
      this.pushPoint(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
    }
  }

  pushPoint(point: number): void {
    if (point < 0x800) {
      this.push(0xc0 | (point >> 6));
    } else {
      if (point < 0x10000) {
        this.push(0xe0 | (point >> 12));
      } else {
        this.push(0xf0 | (point >> 18));
        this.push(0x80 | ((point >> 12) & 0x3f));
      }
      this.push(0x80 | ((point >> 6) & 0x3f));
    }
    this.push(0x80 | (point & 0x3f));
  }

  push(byte: number): void {
    this.length++;
    this.pending |= byte << this.pendingBits;
    this.pendingBits += 8;
    if (this.pendingBits < 32) return;
    const mixed = this.hash ^ scramble(this.pending);
    this.hash = (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
    this.pending = 0;
    this.pendingBits = 0;
  }

  /** From 0 to 2^32 - 1. Scrambling no bytes gives 0, so an empty tail changes nothing. */
  finish(): number {
    let hash = this.hash ^ scramble(this.pending) ^ this.length;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

const EMPTY: Seed = { hash: 0, pending: 0, pendingBits: 0, length: 0 };

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}
