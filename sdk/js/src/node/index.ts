export type {
  ClientError,
  Clock,
  Context,
  ContextLike,
  FlagMetadata,
  Json,
  Reason,
  SocketConstructor,
} from "../types.js";
export { createServerClient } from "./client.js";
export type {
  ServerChange,
  ServerClient,
  ServerDetail,
  ServerErrorCode,
  ServerEvents,
  ServerFlagChange,
  ServerOptions,
  ServerStatus,
} from "./types.js";
