export type { Clock, Context, ContextLike, Json, Reason } from "../types.js";
export { createWorkerClient } from "./client.js";
export type { WorkerClient, WorkerOptions } from "./types.js";
