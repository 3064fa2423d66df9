import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type Role = Schemas["BuiltInRole"];
export type Organization = Schemas["Organization"];
export type Session = Schemas["Session"];
export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];
export type SentInvitation = Schemas["SentInvitation"];
export type InvitationOffer = Schemas["InvitationOffer"];
export type InvitationDelivery = Schemas["InvitationDelivery"];
export type AccountChange = Schemas["UpdateAccount"];
export type AccountSession = Schemas["AccountSession"];
export type SecondFactor = Schemas["SecondFactor"];
export type SecondFactorSetup = Schemas["SecondFactorSetup"];
export type OperatedOrganization = Schemas["OperatedOrganization"];
export type ApiToken = Schemas["Token"];
export type Permission = Schemas["Permission"];
export type PermissionInfo = Schemas["PermissionInfo"];
export type ScopeKind = Schemas["ScopeKind"];
export type OwnAccess = Schemas["OwnAccess"];
export type Explanation = Schemas["Explanation"];
export type Grant = Schemas["Grant"];
export type GrantScope = Schemas["GrantScope"];
export type GranteeKind = Schemas["GranteeKind"];
export type Team = Schemas["TeamDetails"];
export type CustomRole = Schemas["Role"];
export type ServiceAccount = Schemas["ServiceAccountDetails"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditVerification = Schemas["AuditVerification"];

export type Project = Schemas["Project"];
export type Environment = Schemas["Environment"];
export type SdkKey = Schemas["Key"];
export type KeyKind = Schemas["KeyKind"];
export type Connections = Schemas["Connections"];

export type Flag = Schemas["Flag"];
export type FlagType = Schemas["FlagType"];
export type Variation = Schemas["Variation"];
export type Dependent = Schemas["Dependent"];
export type Segment = Schemas["Segment"];

export type Targeting = Schemas["Targeting"];
/** What of a targeting is edited: all but its name, version and time. */
export type TargetingConfig = Pick<
  Targeting,
  "enabled" | "offVariation" | "prerequisites" | "targets" | "rules" | "fallthrough"
>;
export type Prerequisite = Schemas["Prerequisite"];
export type Target = Schemas["Target"];
export type Rule = Schemas["Rule"];
export type Serve = Schemas["Serve"];
export type Split = Schemas["Split"];
export type Condition = Schemas["Condition"];
export type Clause = Schemas["Clause"];
export type Bucket = Schemas["Bucket"];
export type Operator = Schemas["Operator"];

export type Detail = Schemas["Detail"];
export type TraceStep = Schemas["TraceStep"];
export type FlagUsage = Schemas["FlagUsage"];
export type UsageSeries = Schemas["UsageSeries"];
export type TenantEvent = Schemas["TenantEvent"];
export type ProblemDocument = Schemas["Problem"];
export type FieldProblem = Schemas["FieldProblem"];

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}
