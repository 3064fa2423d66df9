import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Ellipsis, Keyboard, KeyRound, LogOut, ServerCog, UserRoundCog } from "lucide-react";
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
import { messages } from "../messages";
import { showShortcuts } from "./shortcuts";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function AccountMenu({ collapsed }: { collapsed: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { org } = useParams({ strict: false });
  const theme = useTheme();
  const { data: session } = useQuery(sessionQuery);
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      forgetDrafts();
      await navigate({ to: paths.signIn });
      client.clear();
    },
    onError: (error) => toast.error(messages.account.signOutFailed, { description: reasonOf(error) }),
  });
  const name = session?.user.name ?? messages.account.label;
  useCommands([
    ...THEMES.map((item) => ({
      id: `theme-${item}`,
      name: messages.account.useTheme[item],
      words: messages.account.themeWords,
      everywhere: true,
      run: () => chooseTheme(item),
    })),
    {
      id: "account",
      name: messages.account.settings,
      everywhere: true,
      run: () => void navigate({ to: paths.account }),
    },
    { id: "shortcuts", name: messages.account.showShortcuts, everywhere: true, run: showShortcuts },
    {
      id: "sign-out",
      name: messages.account.signOut,
      words: messages.account.signOutWords,
      everywhere: true,
      run: () => leave.mutate(),
    },
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
          <span className="sr-only">{messages.account.prefix}</span>
          <Avatar name={name} />
          <span className={collapsed ? "sr-only" : "min-w-0 flex-1 truncate text-sm"}>{name}</span>
          {!collapsed && <Ellipsis className="size-3.5 text-faint" aria-hidden />}
        </button>
      }
    >
      <MenuLabel>{session?.user.email}</MenuLabel>
      {org && (
        <MenuItem onSelect={() => void navigate({ to: paths.personalTokens, params: { org } })}>
          <KeyRound aria-hidden /> {messages.pages.personalTokens}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuLabel>{messages.account.appearance}</MenuLabel>
      <MenuChoice
        value={theme}
        onChange={(value) => chooseTheme(value as Theme)}
        options={THEMES.map((value) => ({ value, label: messages.account.themes[value] }))}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void navigate({ to: paths.account })}>
        <UserRoundCog aria-hidden /> {messages.account.settings}
      </MenuItem>
      {session?.operator && (
        <MenuItem onSelect={() => void navigate({ to: paths.operator })}>
          <ServerCog aria-hidden /> {messages.account.operator}
        </MenuItem>
      )}
      <MenuItem onSelect={showShortcuts}>
        <Keyboard aria-hidden /> {messages.account.shortcuts}
      </MenuItem>
      <MenuItem onSelect={() => leave.mutate()}>
        <LogOut aria-hidden /> {messages.account.signOut}
      </MenuItem>
    </Menu>
  );
}
