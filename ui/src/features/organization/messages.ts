import { catalog } from "@/lib/language/catalog";

export const messages = catalog("organization", {
  name: "Name",
  role: "Role",
  members: {
    title: "Members",
    description: "People who can sign in to this organization, and their roles.",
    joined: "Joined",
  },
  organizations: {
    title: "Organizations",
    none: "You are not a member of any organization yet. Create one to get started.",
    choose: "Choose an organization.",
    create: "Create an organization",
    submit: "Create organization",
    example: "Hollis Goods",
  },
  general: { title: "General", saved: "Organization saved" },
});
