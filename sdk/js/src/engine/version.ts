/** Semantic versions (2.0.0), with minor and patch optional. Numbers are compared as text: they have no upper bound. */

export interface Version {
  /** Major, minor and patch in decimal. */
  readonly core: readonly string[];
  /** Empty if there is none. */
  readonly prerelease: readonly string[];
}

const NUMBER = /^(0|[1-9][0-9]*)$/;
const DIGITS = /^[0-9]+$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;

/** Reads `1`, `1.2`, `1.2.3`, each with `-prerelease` and `+build`; null where the text is anything else. */
export function parseVersion(text: string): Version | null {
  const [rest, build] = split(text, "+");
  const [core, prerelease] = split(rest, "-");
  if (build !== null && !build.split(".").every((each) => IDENTIFIER.test(each))) return null;
  const identifiers = prerelease === null ? [] : prerelease.split(".");
  if (!identifiers.every(isPrerelease)) return null;
  const numbers = core.split(".");
  if (numbers.length > 3 || !numbers.every((number) => NUMBER.test(number))) return null;
  return { core: [...numbers, "0", "0"].slice(0, 3), prerelease: identifiers };
}

/** Precedence (semver.org, 11): negative, 0 or positive. */
export function compareVersions(own: Version, other: Version): number {
  for (const [index, number] of own.core.entries()) {
    const order = compareNumbers(number, other.core[index] as string);
    if (order !== 0) return order;
  }
  const [length, otherLength] = [own.prerelease.length, other.prerelease.length];
  // A version without a prerelease is above all that have one.
  if (length === 0 || otherLength === 0) return otherLength - length;
  for (let index = 0; index < Math.min(length, otherLength); index++) {
    const order = compareIdentifiers(own.prerelease[index] as string, other.prerelease[index] as string);
    if (order !== 0) return order;
  }
  return length - otherLength;
}

/** In two at the first separator. */
function split(text: string, at: string): [before: string, after: string | null] {
  const index = text.indexOf(at);
  return index < 0 ? [text, null] : [text.slice(0, index), text.slice(index + 1)];
}

function isPrerelease(identifier: string): boolean {
  return IDENTIFIER.test(identifier) && (!DIGITS.test(identifier) || NUMBER.test(identifier));
}

function compareTexts(own: string, other: string): number {
  if (own === other) return 0;
  return own < other ? -1 : 1;
}

/** Of decimal numbers without leading zeros, the longer is the greater. */
function compareNumbers(own: string, other: string): number {
  return own.length - other.length || compareTexts(own, other);
}

function compareIdentifiers(own: string, other: string): number {
  const [isNumber, isOtherNumber] = [DIGITS.test(own), DIGITS.test(other)];
  if (isNumber && isOtherNumber) return compareNumbers(own, other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return compareTexts(own, other);
}
