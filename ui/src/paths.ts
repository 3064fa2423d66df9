/** Every route of the dashboard. Links and redirects name these and nothing else. */
export const paths = {
  home: "/",
  setup: "/setup",
  signIn: "/sign-in",
  forgot: "/forgot",
  reset: "/reset",
  invite: "/invite",
  confirmEmail: "/confirm-email",
  account: "/account",
  operator: "/operator",
  organizations: "/organizations",
  organization: "/o/$org",
  audit: "/o/$org/audit",
  members: "/o/$org/members",
  member: "/o/$org/members/$member",
  security: "/o/$org/security",
  general: "/o/$org/general",
  teams: "/o/$org/teams",
  team: "/o/$org/teams/$team",
  roles: "/o/$org/roles",
  role: "/o/$org/roles/$role",
  serviceAccounts: "/o/$org/service-accounts",
  serviceAccount: "/o/$org/service-accounts/$account",
  personalTokens: "/o/$org/personal-tokens",
  why: "/o/$org/why",
  project: "/o/$org/p/$project",
  projectSettings: "/o/$org/p/$project/settings",
  flags: "/o/$org/p/$project/flags",
  flag: "/o/$org/p/$project/flags/$flag",
  segments: "/o/$org/p/$project/segments",
  segment: "/o/$org/p/$project/segments/$segment",
  environments: "/o/$org/p/$project/environments",
  environment: "/o/$org/p/$project/environments/$environment",
  environmentSettings: "/o/$org/p/$project/environments/$environment/settings",
  connect: "/o/$org/p/$project/environments/$environment/connect",
  /** Any other address in an organization or a project: nothing is there. */
  missing: "/o/$org/$nowhere/$",
  missingInProject: "/o/$org/p/$project/$nowhere/$",
} as const;

/** The id of the route of a page inside the shell, for reading its parameters and search. */
export function page<Path extends string>(path: Path): `/in/shell${Path}` {
  return `/in/shell${path}`;
}
