import type { ReactNode } from "react";
import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";
import { rich } from "@/lib/language/rich";

/** Where an item of a list has come to. */
type Moved = { item: string; place: number; count: number };

export const messages = catalog("components", {
  cancel: "Cancel",
  close: "Close",
  loading: "Loading",
  tryAgain: "Try again",
  showMore: "Show more",
  copied: "Copied",
  optional: "optional",
  name: "Name",
  key: "Key",
  nearDuplicate: (key: string) =>
    `${key} already exists. Uppercase and lowercase letters make two different keys.`,
  tags: "Tags",
  tagsExample: "checkout, team-a",
  removeTag: (tag: string) => `Remove tag ${tag}`,
  flag: "Flag",
  segment: "Segment",
  usedBy: "Used by",
  codeDefault: "code default",
  tagline: "Peek-a-boo · Feature flags that update live",
  form: {
    nameMissing: "Enter a name.",
    nameTooLong: (most: number) =>
      `A name can have at most ${plural(most, { one: "# character", other: "# characters" })}.`,
    descriptionTooLong: (most: number) =>
      `A description can have at most ${plural(most, { one: "# character", other: "# characters" })}.`,
    emailInvalid: "Enter a valid email address.",
  },
  comment: "Comment",
  commentHelp: "Shown in the history and the audit log.",
  commentPlaceholder: "Why are you making this change?",
  stillInUse: (name: string) => `${name} is still in use`,
  leave: { title: "Discard your changes?", discard: "Discard", stay: "Keep editing" },
  sortable: {
    move: (item: string) => `Move ${item}`,
    help: "Drag, or press the up and down arrow keys",
    instructions:
      "Press the up and down arrow keys to move this item. Or press Space to pick it up, the arrow keys to move it, Space to drop it, and Escape to cancel.",
    moved: ({ item, place, count }: Moved) => `Moved ${item} to position ${place} of ${count}.`,
    pickedUp: ({ item, place, count }: Moved) => `Picked up ${item} at position ${place} of ${count}.`,
    dropped: ({ item, place, count }: Moved) => `Dropped ${item} at position ${place} of ${count}.`,
    canceled: ({ item, place, count }: Moved) =>
      `Canceled. Put ${item} back at position ${place} of ${count}.`,
  },
  json: { format: "Format", formatHint: "Format (Shift+Alt+F)" },
  typeToConfirm: (key: ReactNode) => rich`Type ${key} to confirm`,
  typeFirst: (key: string) => `Type ${key} first.`,
  secrets: {
    once: (count: number) =>
      plural(count, {
        one: "Copy this secret now. You won’t be able to see it again.",
        other: "Copy these secrets now. You won’t be able to see them again.",
      }),
    copy: (label: string) => `Copy secret: ${label}`,
  },
  failure: {
    notLoaded: "Couldn’t load this page",
    noAccess: "You don’t have access to this page",
    codeMissing:
      "You may be offline, or the dashboard was updated. If it was updated, reload it. Your unsaved changes are kept.",
    reload: "Reload the dashboard",
    partMissing: "Couldn’t load this part of the page",
    partMissingWhy: "You may be offline, or the dashboard was updated. Your unsaved changes are kept.",
    notFound: "Page not found",
    notFoundWhy: "It may have been deleted or renamed. Check the address.",
    goHome: "Go to your flags",
  },
});
