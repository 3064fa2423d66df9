import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, Keyboard, LogOut } from "lucide-react";
import { toast } from "sonner";
import { reasonOf } from "@/api/problem";
import { sessionQuery } from "@/api/queries";
import { signOut } from "@/api/session";
import { Avatar } from "@/components/avatar";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { forgetDrafts } from "@/domain/drafts/store";
import { useCommands } from "@/domain/palette/commands";
import type { Theme } from "@/lib/theme";
import { chooseTheme, useTheme } from "@/lib/theme";
import { paths } from "@/paths";
import { showShortcuts } from "./shortcuts";

const THEMES = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

export function AccountMenu({ collapsed }: { collapsed: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const theme = useTheme();
  const { data: session } = useQuery(sessionQuery);
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      forgetDrafts();
      await navigate({ to: paths.signIn });
      client.clear();
    },
    onError: (error) => toast.error("Could not sign out", { description: reasonOf(error) }),
  });
  const name = session?.user.name ?? "Account";
  useCommands([
    ...THEMES.filter(({ value }) => value !== theme).map(({ value, label }) => ({
      id: `theme-${value}`,
      name: `Use the ${label.toLowerCase()} theme`,
      run: () => chooseTheme(value),
    })),
    { id: "shortcuts", name: "Show keyboard shortcuts", run: showShortcuts },
    { id: "sign-out", name: "Sign out", run: () => leave.mutate() },
  ]);
  return (
    <Menu
      side="top"
      className="w-56"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2 rounded-md px-1.5 py-1.5 text-left transition-colors hover:bg-raised"
        >
          <span className="sr-only">Account: </span>
          <Avatar name={name} />
          <span className={collapsed ? "sr-only" : "min-w-0 flex-1 truncate text-sm"}>{name}</span>
          {!collapsed && <Ellipsis className="size-3.5 text-faint" aria-hidden />}
        </button>
      }
    >
      <MenuLabel>{session?.user.email}</MenuLabel>
      <MenuSeparator />
      <MenuLabel>Appearance</MenuLabel>
      <MenuChoice value={theme} onChange={(value) => chooseTheme(value as Theme)} options={THEMES} />
      <MenuSeparator />
      <MenuItem onSelect={showShortcuts}>
        <Keyboard aria-hidden /> Keyboard shortcuts
      </MenuItem>
      <MenuItem onSelect={() => leave.mutate()}>
        <LogOut aria-hidden /> Sign out
      </MenuItem>
    </Menu>
  );
}
