import { messages as api } from "@/api/messages";
import { messages as app } from "@/app/messages";
import { messages as components } from "@/components/messages";
import { messages as access } from "@/domain/access/messages";
import { messages as conditions } from "@/domain/conditions/messages";
import { messages as device } from "@/domain/device/messages";
import { messages as drafts } from "@/domain/drafts/messages";
import { messages as domain } from "@/domain/messages";
import { messages as review } from "@/domain/review/messages";
import { messages as settings } from "@/domain/settings/messages";
import { messages as targeting } from "@/domain/targeting/messages";
import { messages as accessFrame } from "@/features/access/frame/messages";
import { messages as grants } from "@/features/access/grants/messages";
import { messages as member } from "@/features/access/member/messages";
import { messages as personalTokens } from "@/features/access/personal-tokens/messages";
import { messages as roles } from "@/features/access/roles/messages";
import { messages as serviceAccounts } from "@/features/access/service-accounts/messages";
import { messages as teams } from "@/features/access/teams/messages";
import { messages as tokens } from "@/features/access/tokens/messages";
import { messages as why } from "@/features/access/why/messages";
import { messages as account } from "@/features/account/messages";
import { messages as audit } from "@/features/audit/messages";
import { messages as environments } from "@/features/environments/messages";
import { messages as flags } from "@/features/flags/messages";
import { messages as history } from "@/features/history/messages";
import { messages as operator } from "@/features/operator/messages";
import { messages as organization } from "@/features/organization/messages";
import { messages as palette } from "@/features/palette/messages";
import { messages as playground } from "@/features/playground/messages";
import { messages as projects } from "@/features/projects/messages";
import { messages as segments } from "@/features/segments/messages";
import { messages as session } from "@/features/session/messages";
import { messages as targetingEditor } from "@/features/targeting/messages";
import { messages as usage } from "@/features/usage/messages";
import { messages as lib } from "@/lib/messages";

/** Every message catalog by its name. A translation has the same shape. */
export const english = {
  lib,
  api,
  components,
  access,
  domain,
  conditions,
  device,
  drafts,
  review,
  settings,
  targeting,
  app,
  account,
  audit,
  organization,
  operator,
  accessFrame,
  grants,
  teams,
  member,
  roles,
  serviceAccounts,
  tokens,
  personalTokens,
  why,
  projects,
  environments,
  flags,
  targetingEditor,
  history,
  palette,
  playground,
  segments,
  usage,
  session,
};
