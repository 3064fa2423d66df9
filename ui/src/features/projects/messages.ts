import { catalog } from "@/lib/language/catalog";
import { list, plural } from "@/lib/language/format";

const flagCount = (count: number) => plural(count, { one: "# flag", other: "# flags" });

export const messages = catalog("projects", {
  title: "Projects",
  description: (organization: string) =>
    `Products of ${organization}. Each project has its own flags and environments.`,
  loading: "Loading projects",
  none: "Create your first project",
  noneHelp:
    "A project is one product. It starts with development, staging, and production environments, and SDK keys for each.",
  create: "Create project",
  flags: flagCount,
  created: {
    title: (project: string) => `${project} created`,
    serverKey: (environment: string) => `Server key for ${environment}`,
    clientKeys: "Client keys are public. You can find them under Environments at any time.",
    done: "I’ve saved the keys",
  },
  dialog: {
    title: "Create a project",
    description: "It starts with development, staging, and production environments.",
    example: "Storefront",
    keyHelp: "Used in URLs and the API. Can’t be changed later.",
  },
  settings: {
    title: "Project settings",
    saved: "Project saved",
    name: "Name",
    description: "Description",
    delete: "Delete this project",
    deleteHelp: "Deletes its environments, flags, segments, and keys, and disconnects all applications.",
    deleteSubmit: "Delete project",
    deleteTitle: (project: string) => `Delete ${project}?`,
    deleteWarning: ({
      flags,
      segments,
      environments,
    }: {
      flags: number;
      segments: number;
      environments: number;
    }) =>
      `This deletes ${list([
        flagCount(flags),
        plural(segments, { one: "# segment", other: "# segments" }),
        plural(environments, { one: "# environment", other: "# environments" }),
      ])}. This can’t be undone.`,
  },
});
