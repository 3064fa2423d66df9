import { catalog } from "@/lib/language/catalog";

export const messages = catalog("drafts", {
  conflict: "Someone else changed this. Choose what to keep first.",
  offline: "You are offline. Your changes are kept. Save them when you are back online.",
});
