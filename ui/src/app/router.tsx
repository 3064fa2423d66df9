import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { Failure, Missing } from "@/components/failure";
import { parseFlagSearch } from "@/domain/flag-search";
import { parseWhySearch } from "@/features/access/why/why-search";
import { parseAuditSearch } from "@/features/audit/audit-search";
import { parseFlagsSearch } from "@/features/flags/flags-search";
import { ReauthDialog } from "@/features/session/reauth-dialog";
import { basePath } from "@/lib/base";
import { paths } from "@/paths";
import { redirectHome, requireSession } from "./guards";
import { lazyPage } from "./lazy-page";
import { beginFlags, loadFlag } from "./loaders";
import { PageSkeleton } from "./page-skeleton";
import { AppShell } from "./shell/app-shell";

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet });

const home = createRoute({
  getParentRoute: () => root,
  path: paths.home,
  beforeLoad: ({ context, location }) => redirectHome(context.client, location.href),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: paths.setup,
  component: lazyPage(() => import("@/features/session/setup-page"), "SetupPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn,
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === "string" && /^\/(?!\/)/.test(search.next) ? { next: search.next } : {},
  component: lazyPage(() => import("@/features/session/sign-in-page"), "SignInPage"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: paths.forgot,
  component: lazyPage(() => import("@/features/session/forgot-page"), "ForgotPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: paths.reset,
  component: lazyPage(() => import("@/features/session/reset-page"), "ResetPage"),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: paths.invite,
  component: lazyPage(() => import("@/features/session/invite-page"), "InvitePage"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "in",
  beforeLoad: ({ context, location }) => requireSession(context.client, location.href),
  component: () => (
    <>
      <Outlet />
      <ReauthDialog />
    </>
  ),
});

const organizations = createRoute({
  getParentRoute: () => signedIn,
  path: paths.organizations,
  component: lazyPage(() => import("@/features/organization/organizations-page"), "OrganizationsPage"),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: paths.account,
  component: lazyPage(() => import("@/features/account/account-page"), "AccountPage"),
});

const confirmEmail = createRoute({
  getParentRoute: () => signedIn,
  path: paths.confirmEmail,
  component: lazyPage(() => import("@/features/account/confirm-email-page"), "ConfirmEmailPage"),
});

const operator = createRoute({
  getParentRoute: () => signedIn,
  path: paths.operator,
  component: lazyPage(() => import("@/features/operator/operator-page"), "OperatorPage"),
});

const shell = createRoute({
  getParentRoute: () => signedIn,
  id: "shell",
  component: AppShell,
});

const pages = [
  createRoute({
    getParentRoute: () => shell,
    path: paths.organization,
    component: lazyPage(() => import("@/features/projects/projects-page"), "ProjectsPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.audit,
    validateSearch: parseAuditSearch,
    component: lazyPage(() => import("@/features/audit/audit-page"), "AuditPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.members,
    component: lazyPage(() => import("@/features/organization/members-page"), "MembersPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.security,
    component: lazyPage(() => import("@/features/organization/security-page"), "SecurityPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.general,
    component: lazyPage(() => import("@/features/organization/general-page"), "GeneralPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.member,
    component: lazyPage(() => import("@/features/access/member/member-page"), "MemberPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.teams,
    component: lazyPage(() => import("@/features/access/teams/teams-page"), "TeamsPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.team,
    component: lazyPage(() => import("@/features/access/teams/teams-page"), "TeamsPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.roles,
    component: lazyPage(() => import("@/features/access/roles/roles-page"), "RolesPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.role,
    component: lazyPage(() => import("@/features/access/roles/roles-page"), "RolesPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.serviceAccounts,
    component: lazyPage(
      () => import("@/features/access/service-accounts/service-accounts-page"),
      "ServiceAccountsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.serviceAccount,
    component: lazyPage(
      () => import("@/features/access/service-accounts/service-accounts-page"),
      "ServiceAccountsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.personalTokens,
    component: lazyPage(
      () => import("@/features/access/personal-tokens/personal-tokens-page"),
      "PersonalTokensPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.why,
    validateSearch: parseWhySearch,
    component: lazyPage(() => import("@/features/access/why/why-page"), "WhyPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.projectSettings,
    component: lazyPage(() => import("@/features/projects/project-settings-page"), "ProjectSettingsPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.flags,
    validateSearch: parseFlagsSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ context, params, deps }) => beginFlags(context.client, params, deps),
    component: lazyPage(() => import("@/features/flags/flags-page"), "FlagsPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.flag,
    validateSearch: parseFlagSearch,
    loaderDeps: ({ search }) => ({ env: search.env }),
    loader: ({ context, params, deps }) => loadFlag(context.client, params, deps.env),
    component: lazyPage(() => import("./pages/flag-page"), "FlagPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.segments,
    component: lazyPage(() => import("@/features/segments/segments-page"), "SegmentsPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.segment,
    component: lazyPage(() => import("@/features/segments/segment-page"), "SegmentPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.environments,
    component: lazyPage(() => import("@/features/environments/environments-page"), "EnvironmentsPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.environment,
    component: lazyPage(() => import("@/features/environments/environment-page"), "EnvironmentPage"),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.environmentSettings,
    component: lazyPage(
      () => import("@/features/environments/environment-settings-page"),
      "EnvironmentSettingsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: paths.connect,
    component: lazyPage(() => import("@/features/environments/connect-page"), "ConnectPage"),
  }),
  createRoute({ getParentRoute: () => shell, path: paths.missing, component: Missing }),
  createRoute({ getParentRoute: () => shell, path: paths.missingInProject, component: Missing }),
] as const;

const tree = root.addChildren([
  home,
  setup,
  signIn,
  forgot,
  reset,
  invite,
  signedIn.addChildren([organizations, account, operator, confirmEmail, shell.addChildren(pages)]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: basePath || "/",
    context: { client },
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: Failure,
    defaultNotFoundComponent: Missing,
    defaultPreload: "intent",
    defaultPendingMs: 150,
    defaultPendingMinMs: 200,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
