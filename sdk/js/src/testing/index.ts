export { createTestClient } from "./client.js";
export { createTestServerClient } from "./server.js";
export type {
  Read,
  TestClient,
  TestClientOptions,
  TestControls,
  TestFlags,
  TestServerClient,
  TestValue,
  Tracked,
} from "./types.js";
