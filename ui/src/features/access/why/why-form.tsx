import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { PermissionQuestion } from "@/api/access";
import { membersQuery, sessionQuery } from "@/api/queries";
import type { Permission, Project } from "@/api/types";
import { itemsOf, useEveryPage } from "@/components/every-page";
import { Field } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/input";
import type { Place } from "@/domain/access/holds";
import { messages as access } from "@/domain/access/messages";
import { PERMISSIONS, permissionName } from "@/domain/access/permissions";
import { placeText } from "@/domain/access/place-name";
import { useProjects } from "@/domain/access/use-projects";
import { useRefusal } from "@/domain/access/use-refusal";
import { messages } from "./messages";

export interface WhyFormProps {
  question: PermissionQuestion;
  onChange: (question: PermissionQuestion) => void;
}

/** Who is asked about, what, and where. People who may not see members ask about themselves. */
export function WhyForm({ question, onChange }: WhyFormProps) {
  const { org, permission } = question;
  const projects = useProjects(org);
  const hidden = useRefusal("member.read");
  const session = useQuery(sessionQuery);
  const members = useInfiniteQuery({ ...membersQuery(org), enabled: !hidden });
  useEveryPage(members);
  const places = placesOf(permission, projects);
  const ask = (part: Partial<PermissionQuestion>) => onChange({ ...question, ...part });
  const choose = (next: Permission) => {
    const [first = {}] = placesOf(next, projects);
    const kept = placesOf(next, projects).find((place) => idOf(place) === idOf(question)) ?? first;
    ask({ permission: next, project: kept.project, environment: kept.environment });
  };
  const own = session.data?.user.id;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {!hidden && (
        <Field label={messages.person} className="sm:col-span-2">
          {(control) => (
            <NativeSelect
              {...control}
              className="w-full"
              value={question.member === own ? "" : (question.member ?? "")}
              onChange={({ target }) => ask({ member: target.value || undefined })}
            >
              <option value="">{messages.you}</option>
              {itemsOf(members.data)
                .filter(({ user }) => user.id !== own)
                .map(({ user }) => (
                  <option key={user.id} value={user.id}>
                    {user.name}
                  </option>
                ))}
            </NativeSelect>
          )}
        </Field>
      )}
      <Field label={messages.permission}>
        {(control) => (
          <NativeSelect
            {...control}
            className="w-full"
            value={permission}
            onChange={({ target }) => choose(target.value as Permission)}
          >
            {(Object.keys(PERMISSIONS) as Permission[]).map((key) => (
              <option key={key} value={key}>
                {permissionName(key)}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
      <Field label={messages.place}>
        {(control) => (
          <NativeSelect
            {...control}
            className="w-full"
            value={idOf(question)}
            onChange={({ target }) => {
              const place = places.find((item) => idOf(item) === target.value) ?? {};
              ask({ project: place.project, environment: place.environment });
            }}
          >
            {places.map((place) => (
              <option key={idOf(place)} value={idOf(place)}>
                {nameOf(place, permission, projects)}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
    </div>
  );
}

function idOf({ project, environment }: Place): string {
  return [project, environment].filter(Boolean).join("/");
}

/** Where the permission can be asked about. */
function placesOf(permission: Permission, projects: readonly Project[]): Place[] {
  const { on } = PERMISSIONS[permission];
  if (on === "organization") return [{}];
  if (on === "project") return projects.map(({ key }) => ({ project: key }));
  return projects.flatMap(({ key, environments }) => [
    ...environments.map((environment) => ({ project: key, environment: environment.key })),
    { project: key },
  ]);
}

function nameOf(place: Place, permission: Permission, projects: readonly Project[]): string {
  if (place.project === undefined) return access.wholeOrganization;
  const text = placeText(place, projects);
  const every = PERMISSIONS[permission].on === "environment" && place.environment === undefined;
  return every ? messages.everyEnvironment(text) : text;
}
