import { catalog } from "@/lib/language/catalog";

export const messages = catalog("member", {
  title: "Member",
  explain: "Explain access",
  teams: "Teams",
  teamsHelp: "What a team may do, everyone in it may do. Change it on the team’s page.",
  noTeams: "In no team.",
  fromTeams: "The table shows what was given to this person directly.",
});
