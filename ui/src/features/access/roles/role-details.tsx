import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { updateRole } from "@/api/access";
import { permissionsQuery } from "@/api/access-queries";
import { formError } from "@/api/problem";
import { keys } from "@/api/queries";
import type { CustomRole, Grant, Permission } from "@/api/types";
import { Confirm } from "@/components/confirm";
import { ErrorNote } from "@/components/error-note";
import { PageHeader } from "@/components/page-header";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { roleName } from "@/domain/access/role-name";
import { useConfer } from "@/domain/access/use-confer";
import { useRefusal } from "@/domain/access/use-refusal";
import { paths } from "@/paths";
import { DetailsMenu } from "../frame/details-menu";
import { useMembers } from "../lists";
import { describe } from "./describe";
import { messages } from "./messages";
import { PermissionTable } from "./permission-table";
import { DeleteRole, EditRole } from "./role-dialogs";
import { RoleEffect } from "./role-effect";
import { RoleHolders } from "./role-holders";
import { useRoleDraft } from "./use-role-draft";

export interface RoleDetailsProps {
  org: string;
  role: CustomRole;
  roles: readonly CustomRole[];
  /** All of the organization's. */
  grants: readonly Grant[];
  onDuplicate: () => void;
}

/** What a role allows, and who has it. Custom roles are edited here. */
export function RoleDetails({ org, role, roles, grants, onDuplicate }: RoleDetailsProps) {
  const [dialog, setDialog] = useState<"edit" | "delete" | "review" | null>(null);
  const table = useQuery(permissionsQuery);
  const members = useMembers(org);
  const refusal = useRefusal("role.manage");
  const confer = useConfer();
  const close = () => setDialog(null);
  const save = useMutation({
    mutationFn: ({ permissions, version, comment }: Save) =>
      updateRole(org, role.id, { permissions }, { version, comment }),
    meta: { invalidates: [keys.access(org), keys.members(org), keys.audit(org)] },
    onSuccess: (saved, { permissions }) => {
      draft.saved({ permissions }, { permissions: saved.permissions }, saved.version);
      toast.success(messages.saved);
      close();
    },
  });
  const draft = useRoleDraft(org, role, save.isPending);
  const { permissions } = draft.value;
  const before = draft.base.permissions;
  const added = permissions.filter((key) => !before.includes(key));
  const removed = before.filter((key) => !permissions.includes(key));
  const ofRole = grants.filter((grant) => grant.role.id === role.id);
  // Nobody gives what they lack, wherever the role is granted.
  const excess = ofRole.map(({ scope }) => confer(added, scope)).find(Boolean);
  const editable = !role.builtIn && !refusal;
  const toggle = (key: Permission) =>
    draft.edit({
      permissions: permissions.includes(key)
        ? permissions.filter((item) => item !== key)
        : [...permissions, key],
    });
  const changes = added.length + removed.length;
  const effect = (
    <RoleEffect
      role={role.id}
      added={added}
      removed={removed}
      holdings={{ grants, members: members.items, roles }}
    />
  );
  return (
    <div>
      <PageHeader
        title={roleName(role)}
        beside={<Badge>{role.builtIn ? messages.builtInBadge : messages.customBadge}</Badge>}
        description={describe(role)}
        actions={
          <>
            <Button disabledReason={refusal} onClick={onDuplicate}>
              <Copy aria-hidden /> {messages.duplicate}
            </Button>
            {!role.builtIn && (
              <DetailsMenu
                words={messages}
                editRefusal={refusal}
                deleteRefusal={refusal || (ofRole.length > 0 && messages.stillGranted(ofRole.length))}
                onEdit={() => setDialog("edit")}
                onDelete={() => setDialog("delete")}
              />
            )}
          </>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1fr)_260px]">
        <div>
          {table.isPending && <ListSkeleton rows={6} />}
          {table.isLoadingError && <ErrorNote error={table.error} retry={() => void table.refetch()} />}
          {table.data && (
            <PermissionTable
              permissions={table.data.items}
              held={permissions}
              before={before}
              onToggle={editable ? toggle : undefined}
            />
          )}
        </div>
        <div className="space-y-4 xl:sticky xl:top-4">
          <RoleHolders org={org} grants={ofRole} />
          {changes > 0 && (
            <Panel className="space-y-1.5 px-3.5 py-3">
              <h2 className="text-sm font-semibold">{messages.effect}</h2>
              {effect}
            </Panel>
          )}
          <Panel className="space-y-2 px-3.5 py-3">
            <h2 className="text-sm font-semibold">{messages.explain}</h2>
            <p className="text-sm text-muted">{messages.explainHelp}</p>
            <Button asChild size="sm">
              <Link to={paths.why} params={{ org }} search={{ permission: permissions[0] ?? "flag.read" }}>
                {messages.explain}
              </Link>
            </Button>
          </Panel>
        </div>
      </div>
      {changes > 0 && (
        <section
          aria-label={messages.unsaved}
          className="sticky bottom-4 z-10 mt-6 flex animate-in flex-wrap items-center gap-2 rounded-xl border border-line-strong bg-panel px-4 py-2.5 shadow-float"
        >
          <p className="mr-auto flex items-center gap-2 text-sm font-medium">
            <span aria-hidden className="size-2 rounded-full bg-boo" /> {messages.changes(changes)}
          </p>
          <Button look="ghost" onClick={draft.discard}>
            {messages.discard}
          </Button>
          <Button
            look="primary"
            disabledReason={refusal || draft.blocked || excess}
            onClick={() => setDialog("review")}
          >
            {messages.review}
          </Button>
        </section>
      )}
      {dialog === "review" && (
        <Confirm
          comments
          title={messages.reviewTitle(roleName(role))}
          description={messages.reviewHelp}
          action={messages.reviewSubmit}
          busy={save.isPending}
          refused={formError(save.error, [])}
          onConfirm={(comment) => save.mutate({ permissions, version: draft.version, comment })}
          onClose={close}
        >
          {effect}
        </Confirm>
      )}
      {dialog === "edit" && <EditRole org={org} role={role} onClose={close} />}
      {dialog === "delete" && <DeleteRole org={org} role={role} onClose={close} />}
    </div>
  );
}

interface Save {
  permissions: Permission[];
  version: number;
  comment: string;
}
