import type { ReactNode } from "react";
import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";
import { rich } from "@/lib/language/rich";

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
    emailInvalid: "Enter a valid email address.",
  },
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
