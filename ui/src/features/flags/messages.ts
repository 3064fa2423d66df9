import type { ReactNode } from "react";
import type { FlagType } from "@/api/types";
import { catalog } from "@/lib/language/catalog";
import { list, number, plural } from "@/lib/language/format";
import { rich } from "@/lib/language/rich";

const types: Record<FlagType, string> = {
  boolean: "Boolean",
  string: "String",
  number: "Number",
  object: "Object",
};
const typeExamples: Record<FlagType, string> = {
  boolean: "On or off",
  string: "Text",
  number: "A quantity",
  object: "JSON settings",
};

export const messages = catalog("flags", {
  title: "Flags",
  loading: "Loading flags",
  create: "Create flag",
  none: "Create your first flag",
  noneHelp: "Flags control what your application shows and to whom, without a deploy.",
  connect: "Connect an application",
  noMatches: "No matching flags",
  noMatchesHelp: "Try a different search, or clear the filters.",
  clearFilters: "Clear filters",
  types,
  typeExamples,
  ofType: (type: string) => `${type} flag`,
  clientVisible: "Client-visible",
  clientVisibleHelp: "Browsers and mobile apps receive its value, never its rules.",
  available: "Available to browsers and mobile apps",
  availableHelp: "They receive its value, never its rules. Otherwise only servers can use it.",
  name: "Name",
  description: "Description",
  archived: "Archived",
  save: "Save",
  saveEverywhere: "Save everywhere",
  discard: "Discard",
  unchanged: "No changes to save.",
  saveFailed: "Couldn’t save the flag",
  copyKey: "Copy flag key",
  /** What a flag does in an environment. */
  state: {
    on: "On",
    off: "Off",
    rules: (count: number) => plural(count, { one: "# rule", other: "# rules" }),
    evaluated: (time: ReactNode) => rich`used ${time}`,
    unsaved: "unsaved",
    inEnvironment: ({ flag, environment }: { flag: string; environment: string }) =>
      `${flag} in ${environment}`,
    stateIn: ({ flag, environment, state }: { flag: string; environment: string; state: string }) =>
      `${flag} in ${environment}: ${state}`,
  },
  environments: "Environments",
  columns: { flag: "Flag", changed: "Changed" },
  row: {
    unsavedIn: (environments: readonly string[]) => `unsaved in ${list(environments)}`,
    unusedFor: (days: number) => plural(days, { one: "unused for # day", other: "unused for # days" }),
    unusedHelp:
      "No application has evaluated this flag since then, in any environment. It may be safe to remove.",
    tagged: (tag: string) => `Show flags tagged ${tag}`,
  },
  filters: {
    search: "Search flags",
    searchPlaceholder: "Search by name, key, or description",
    type: "Type",
    allTypes: "All types",
    tag: "Tag",
    allTags: "All tags",
    sort: "Sort by",
    sorts: { key: "By key", name: "By name", "-createdAt": "Newest first", "-updatedAt": "Last changed" },
  },
  pins: {
    pinned: ({ count, all }: { count: number; all: number }) => `${number(count)} of ${number(all)} pinned`,
    title: "Pinned environments",
    loading: "Loading environments",
    heading: "Pinned",
    none: "None",
    others: "Others",
    othersLabel: "Other environments",
    pin: (environment: string) => `Pin ${environment}`,
    unpin: (environment: string) => `Unpin ${environment}`,
    full: (most: number) => `You can pin up to ${number(most)} environments. Unpin one first.`,
  },
  dialog: {
    title: "Create a flag",
    example: "New checkout",
    keyHelp: "Used in your code and the API. Can’t be changed later.",
    type: "Type",
    variations: "Variations",
    variationsHelp:
      "When on, the flag serves the first variation. When off, it serves the last. Targeting can override this.",
    more: "Add a description or tags",
    created: (flag: string) => `${flag} created. It is off in every environment.`,
  },
  edit: {
    title: "Edit flag",
    track: "Record exposures",
    trackHelp: "Needed for experiments and impact. Evaluations are counted for every flag.",
    metadata: "Metadata",
    metadataHelp:
      "One name: value per line. Applications receive it with the flag, so anyone who can read a client-visible flag can read it.",
    metadataExample: "owner: checkout team",
    metadataFaults: {
      line: (line: string) => `“${line}” isn’t a name: value line.`,
      twice: (line: string) => `“${line}” repeats a name. Remove one of them.`,
      reserved: (line: string) => `“${line}” uses a reserved name. Choose another.`,
    },
  },
  menu: {
    label: "More actions for this flag",
    edit: "Edit…",
    editNamed: (flag: string) => `Edit ${flag}`,
    archive: "Archive…",
    archiveNamed: (flag: string) => `Archive ${flag}…`,
    restore: "Restore…",
    restoreNamed: (flag: string) => `Restore ${flag}…`,
    delete: "Delete…",
    deleteNamed: (flag: string) => `Delete ${flag}…`,
  },
  review: {
    title: (flag: string) => `Change ${flag} everywhere?`,
    done: "Someone else already made this change.",
  },
  archive: {
    title: (flag: string) => `Archive ${flag}?`,
    help: (productions: readonly string[]) =>
      productions.length === 0
        ? "Applications that still use it fall back to the default in their code, in every environment. You can restore it later with its targeting."
        : `Applications that still use it fall back to the default in their code, in every environment, including ${list(productions)}. You can restore it later with its targeting.`,
    lastUsed: ({ environment, time }: { environment: string; time: ReactNode }) =>
      rich`Last used ${time} in ${environment}.`,
    action: "Archive flag",
  },
  restore: {
    title: (flag: string) => `Restore ${flag}?`,
    help: (productions: readonly string[]) =>
      productions.length === 0
        ? "Applications get it again as it was targeted before, in every environment."
        : `Applications get it again as it was targeted before, in every environment, including ${list(productions)}.`,
    action: "Restore flag",
  },
  delete: {
    title: (flag: string) => `Delete ${flag}?`,
    submit: "Delete flag",
    help: "Applications that still evaluate it get the default in their code, in every environment. Its history stays in the audit log. If you may need it again, archive it instead.",
    inUseHelp: "Remove it from these flags first. To stop serving it now, turn it off.",
    deleted: (flag: string) => `${flag} deleted`,
  },
  toggle: {
    archived: "This flag is archived. Restore it first.",
    titleOn: ({ flag, environment }: { flag: string; environment: string }) =>
      `Turn ${flag} on in ${environment}?`,
    titleOff: ({ flag, environment }: { flag: string; environment: string }) =>
      `Turn ${flag} off in ${environment}?`,
    help: "Connected applications get the change immediately.",
    alreadyOn: "Someone else already turned it on.",
    alreadyOff: "Someone else already turned it off.",
    now: "Now",
    after: "After",
    more: (count: number) => `and ${number(count)} more`,
    turnOn: "Turn on",
    turnOff: "Turn off",
    onFailed: ({ flag, environment }: { flag: string; environment: string }) =>
      `Couldn’t turn ${flag} on in ${environment}`,
    offFailed: ({ flag, environment }: { flag: string; environment: string }) =>
      `Couldn’t turn ${flag} off in ${environment}`,
  },
  variations: {
    description: "The values that this flag can serve, in every environment.",
    label: "Variations",
    value: "Value",
    key: "Key",
    name: "Name",
    nth: (place: number) => `variation ${place}`,
    valueOf: (place: number) => `Value of variation ${place}`,
    keyOf: (place: number) => `Key of variation ${place}`,
    nameOf: (place: number) => `Name of variation ${place}`,
    keyPlaceholder: "key",
    namePlaceholder: "Name (optional)",
    valuePlaceholder: "value",
    add: "Add variation",
    remove: (place: number) => `Remove variation ${place}`,
    atLeastOne: "A flag needs at least one variation.",
    inUse: (environments: readonly string[]) => `It is still served in ${list(environments)}.`,
    save: "Save variations",
    saved: "Variations saved",
    savedHelp: "They apply in every environment.",
    fix: "Fix the variations marked above.",
    reviewTitle: (flag: string) => `Save the variations of ${flag}?`,
    conflict: "Someone else changed this. Go back and choose what to keep.",
    keyTaken: "Another variation already has this key.",
    notNumber: "Enter a number.",
    notBoolean: "Enter true or false.",
    notObject: 'Enter a JSON object, such as { "enabled": true }.',
  },
});
