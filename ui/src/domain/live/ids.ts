// What flashes and echoes are known by.

export const flagId = (project: string, flag: string) => `flag:${project}/${flag}`;
export const segmentId = (project: string, segment: string) => `segment:${project}/${segment}`;
export const targetingId = (project: string, flag: string, environment: string) =>
  `targeting:${project}/${flag}@${environment}`;
