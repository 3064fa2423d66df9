import { catalog } from "@/lib/language/catalog";
import { list, number, plural } from "@/lib/language/format";

type Given = { who: string; role: string; where: string };

export const messages = catalog("grants", {
  title: (who: string) => `What ${who} can do`,
  fromWider: "Gray: from a wider grant",
  project: "Project",
  everything: "Whole organization",
  wholeProject: "All environments",
  others: "Other environments",
  otherCount: (count: number) => plural(count, { one: "# environment", other: "# environments" }),
  showOthers: ({ project, count }: { project: string; count: number }) =>
    `${project}: ${plural(count, { one: "# other environment", other: "# other environments" })}`,
  othersTitle: (project: string) => `Other environments of ${project}`,
  none: "None",
  noSuch: "–",
  rolesIn: (where: string) => `Roles in ${where}`,
  rolesNow: ({ where, roles }: { where: string; roles: readonly string[] }) =>
    `Roles in ${where}: ${list(roles)}`,
  noRoles: (where: string) => `Roles in ${where}: none`,
  wider: (roles: readonly string[]) => list(roles),
  give: ({ who, role, where }: Given) => `Give ${who} the role ${role} in ${where}?`,
  giveSubmit: "Give role",
  take: ({ who, role, where }: Given) => `Take the role ${role} in ${where} from ${who}?`,
  takeSubmit: "Take role away",
  gives: (people: string) => `${people} will be able to:`,
  takes: (people: string) => `Unless another grant allows it, ${people} will no longer be able to:`,
  given: ({ who, role, where }: Given) => `${who} has the role ${role} in ${where}`,
  taken: ({ who, role, where }: Given) => `${who} no longer has the role ${role} in ${where}`,
  canChange: ({ who, places }: { who: string; places: readonly string[] }) =>
    `${who} can change ${list(places)}.`,
  canChangeHelp:
    "Segments and variations serve every environment, so editing them needs a role in all environments.",
  summary: {
    none: "No access yet",
    one: ({ role, where }: { role: string; where: string }) => `${role} in ${where}`,
    more: ({ role, where, count }: { role: string; where: string; count: number }) =>
      `${role} in ${where}, and ${number(count)} more`,
  },
});
