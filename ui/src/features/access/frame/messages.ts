import { catalog } from "@/lib/language/catalog";

export const messages = catalog("accessFrame", {
  name: "Name",
  description: "Description",
  explain: "Explain",
  hidden: "You don’t have access to this page",
  noMatches: "No matches",
  loading: "Loading",
  notFound: "Not found",
  notFoundHelp: "It may have been deleted.",
});
