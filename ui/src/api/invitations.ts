import { answer, api, given } from "./http";
import type { InvitationDelivery, Role } from "./types";

const INVITATIONS = "/api/v1/organizations/{org}/invitations";

export const listInvitations = (org: string, cursor?: string) =>
  answer(api.GET(INVITATIONS, { params: { path: { org }, query: given({ cursor, limit: 100 }) } }));

export interface NewInvitation {
  email: string;
  role: Role;
  /** By mail where the hub sends mail, unless a link is asked for. */
  delivery?: InvitationDelivery;
}

export const createInvitation = (org: string, body: NewInvitation) =>
  answer(api.POST(INVITATIONS, { params: { path: { org } }, body }));
export const resendInvitation = (org: string, invitation: string, delivery?: InvitationDelivery) =>
  answer(
    api.POST(`${INVITATIONS}/{invitation}/resend`, {
      params: { path: { org, invitation } },
      body: given({ delivery }),
    }),
  );
export const revokeInvitation = (org: string, invitation: string) =>
  answer(api.DELETE(`${INVITATIONS}/{invitation}`, { params: { path: { org, invitation } } }));

export const lookAtInvitation = (secret: string) =>
  answer(api.POST("/api/v1/invitations/look", { body: { secret } }));
export const acceptInvitation = (secret: string, account?: { name: string; password: string }) =>
  answer(api.POST("/api/v1/invitations/accept", { body: { secret, ...(account ? { account } : {}) } }));
