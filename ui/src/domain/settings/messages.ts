import { catalog } from "@/lib/language/catalog";

export const messages = catalog("settings", {
  save: "Save",
  discard: "Discard",
  unchanged: "No changes to save.",
});
