import { catalog } from "@/lib/language/catalog";
import { list, plural } from "@/lib/language/format";

type Own = { who: string; role: string; where: string };
type Team = Own & { team: string };
type Lacking = { who: string; what: string; where: string };

export const messages = catalog("why", {
  title: "Explain access",
  titleOf: (who: string) => `Access of ${who}`,
  titleOwn: "Your access",
  description: "See why someone can or can’t do something.",
  person: "Person",
  you: "You",
  permission: "Permission",
  place: "Place",
  everyEnvironment: (project: string) => `${project}: every environment`,
  copyLink: "Copy link",
  loading: "Loading the explanation",
  yes: {
    own: ({ who, role, where }: Own) => `Yes. ${who} has the role ${role} in ${where}.`,
    team: ({ who, team, role, where }: Team) =>
      `Yes. ${who} is in the team ${team}, which has the role ${role} in ${where}.`,
    youOwn: ({ role, where }: Own) => `Yes. You have the role ${role} in ${where}.`,
    youTeam: ({ team, role, where }: Team) =>
      `Yes. You are in the team ${team}, which has the role ${role} in ${where}.`,
  },
  no: ({ who, what, where }: Lacking) => `No. ${who} can’t ${what} in ${where}.`,
  youNo: ({ what, where }: Lacking) => `No. You can’t ${what} in ${where}.`,
  allowing: ({ allowing, all }: { allowing: number; all: number }) =>
    `${plural(allowing, { one: "# grant allows", other: "# grants allow" })} it, of ${all} in all.`,
  noGrants: "No role is granted to them or to a team of theirs.",
  grants: "Grants",
  on: "on",
  ownGrant: "Granted directly",
  throughTeam: (team: string) => `Through the team ${team}`,
  judgements: {
    allows: "Includes this permission here",
    lacksPermission: "Applies here, but doesn’t include this permission",
    otherScope: "Includes this permission, but somewhere else",
    neither: "Doesn’t include this permission, and applies somewhere else",
  },
  whoCanGive: "Who can give it",
  givers: (names: readonly string[]) => list(names),
  nobody: "Nobody can give this permission now. An operator of this installation can help.",
  takeAway: "How to take this away",
  takeOwn: ({ role, where }: Own) => `Remove the role ${role} in ${where}. Nobody else is affected.`,
  takeTeam: ({ who, team }: Team) => `Remove ${who} from the team ${team}. Nobody else is affected.`,
  takeFromTeam: ({ team, role, where }: Team) =>
    `Remove the role ${role} in ${where} from the team ${team}. Everyone in the team loses it.`,
  takeAll: "Each grant that allows it must be removed.",
});
