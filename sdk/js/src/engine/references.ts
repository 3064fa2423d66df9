/** The keys that a flag or a segment refers to directly. */
export interface References {
  readonly flags: Set<string>;
  readonly segments: Set<string>;
}

export function createReferences(): References {
  return { flags: new Set(), segments: new Set() };
}
