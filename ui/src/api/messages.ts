import { catalog } from "@/lib/language/catalog";
import { plural } from "@/lib/language/format";

export const messages = catalog("api", {
  unreachable: "The hub can’t be reached. Check your connection and try again. Your changes are still here.",
  offline: "You are offline. Nothing was changed. Try again when you are back online.",
  unanswered: (seconds: number) =>
    `The hub didn’t respond within ${plural(seconds, { one: "# second", other: "# seconds" })}. Check whether your change was saved before you try again.`,
  unexpected: (status: number) => `The hub responded with status ${status}.`,
  brokeOff: "The download ended before the file was complete. Try again.",
  renamed: "Someone else renamed this organization.",
});
