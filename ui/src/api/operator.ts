import { answer, api, given } from "./http";

const ORGANIZATIONS = "/api/v1/operator/organizations";

export const listOperatedOrganizations = (search?: string, cursor?: string) =>
  answer(api.GET(ORGANIZATIONS, { params: { query: given({ search, cursor, limit: 100 }) } }));
export const suspendOrganization = (organization: string, suspended: boolean) =>
  answer(
    api.PATCH(`${ORGANIZATIONS}/{organization}`, {
      params: { path: { organization } },
      body: { suspended },
    }),
  );
export const deleteOperatedOrganization = (organization: string) =>
  answer(api.DELETE(`${ORGANIZATIONS}/{organization}`, { params: { path: { organization } } }));
export const createPasswordReset = (body: { email: string; clearSecondFactor: boolean }) =>
  answer(api.POST("/api/v1/operator/password-resets", { body }));
