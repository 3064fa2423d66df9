import { useQuery } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import { Link, useMatches, useParams } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { Fragment } from "react";
import type { ProjectScope } from "@/api/projects";
import { flagQuery, projectQuery, segmentQuery, sessionQuery } from "@/api/queries";
import { page, paths } from "@/paths";
import { messages } from "../messages";
import { useAccessCrumb } from "./access-crumb";

interface Crumb {
  name: string;
  link?: Pick<LinkProps, "to" | "params" | "search">;
}

/** What each page is called, by its route. */
const NAMES: Partial<Record<string, keyof typeof messages.pages>> = {
  [page(paths.organization)]: "projects",
  [page(paths.members)]: "members",
  [page(paths.teams)]: "teams",
  [page(paths.roles)]: "roles",
  [page(paths.serviceAccounts)]: "serviceAccounts",
  [page(paths.personalTokens)]: "personalTokens",
  [page(paths.audit)]: "audit",
  [page(paths.security)]: "security",
  [page(paths.general)]: "general",
  [page(paths.why)]: "why",
  [page(paths.missing)]: "missing",
  [page(paths.missingInProject)]: "missing",
  [page(paths.flags)]: "flags",
  [page(paths.segments)]: "segments",
  [page(paths.environments)]: "environments",
  [page(paths.projectSettings)]: "settings",
};

/** Where the page belongs, from the organization or project down to itself. On phones only the page's own name. */
export function Breadcrumbs() {
  const crumbs = useCrumbs();
  return (
    <nav aria-label={messages.breadcrumb} className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
        {crumbs.map(({ name, link }, index) => {
          const last = index === crumbs.length - 1;
          return (
            <Fragment key={name}>
              <li className={last ? "min-w-0 truncate" : "hidden shrink-0 sm:block"}>
                {link && !last ? (
                  <Link {...link} className="hover:text-ink hover:underline">
                    {name}
                  </Link>
                ) : (
                  <span aria-current={last ? "page" : undefined} className="font-medium text-ink">
                    {name}
                  </span>
                )}
              </li>
              {!last && (
                <li aria-hidden className="hidden sm:block">
                  <ChevronRight className="size-3.5 text-line-strong" />
                </li>
              )}
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}

function useCrumbs(): Crumb[] {
  const { org = "", project } = useParams({ strict: false });
  const routeId = useMatches({ select: (matches) => matches.at(-1)?.routeId as string | undefined });
  const named = NAMES[routeId ?? ""];
  const own = named && messages.pages[named];
  const organization = useOrganizationCrumbs(org);
  const inProject = useProjectCrumbs({ org, project: project ?? "" });
  const crumbs = project === undefined ? organization : inProject;
  return own ? [...crumbs, { name: own }] : crumbs;
}

/** The organization, and what its page is about. */
function useOrganizationCrumbs(org: string): Crumb[] {
  const session = useQuery(sessionQuery);
  const access = useAccessCrumb(org);
  const name = session.data?.organizations.find((item) => item.key === org)?.name ?? org;
  const root: Crumb = { name, link: { to: paths.organization, params: { org } } };
  if (!access) return [root];
  const { list, to, item } = access;
  const link = { to, params: { org } } as Crumb["link"] & object;
  return [root, { name: list, link }, ...(item === undefined ? [] : [{ name: item }])];
}

/** The project, and what its page is about. */
function useProjectCrumbs(scope: ProjectScope): Crumb[] {
  const { flag, segment, environment } = useParams({ strict: false });
  const details = useQuery({ ...projectQuery(scope), enabled: scope.project !== "" });
  const flagDetails = useQuery({ ...flagQuery({ ...scope, flag: flag ?? "" }), enabled: flag !== undefined });
  const segmentDetails = useQuery({
    ...segmentQuery({ ...scope, segment: segment ?? "" }),
    enabled: segment !== undefined,
  });
  const root: Crumb = {
    name: details.data?.name ?? scope.project,
    link: { to: paths.flags, params: scope, search: {} },
  };
  const below = (name: string, to: LinkProps["to"], item: string): Crumb[] => [
    root,
    { name, link: { to, params: scope } as Crumb["link"] & object },
    { name: item },
  ];
  if (flag !== undefined) return below(messages.pages.flags, paths.flags, flagDetails.data?.name || flag);
  if (segment !== undefined)
    return below(messages.pages.segments, paths.segments, segmentDetails.data?.name || segment);
  if (environment !== undefined) {
    const found = details.data?.environments.find((item) => item.key === environment);
    return below(messages.pages.environments, paths.environments, found?.name ?? environment);
  }
  return [root];
}
