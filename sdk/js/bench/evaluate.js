// How long reading a flag takes, in nanoseconds; counting usage, which an offline client does not, comes on top. Run by `npm run bench`.
import { createServerClient } from "../dist/node/index.js";

const rule = (country) => ({
  when: {
    all: [
      { attribute: "country", op: "in", values: [country, "XX"] },
      { attribute: "plan", op: "startsWith", values: ["pro"] },
    ],
  },
  serve: { variation: "off" },
});
const flag = {
  type: "boolean",
  enabled: true,
  variations: { on: true, off: false },
  fallthrough: { variation: "on" },
  salt: "salt",
  version: 1,
};
const split = {
  split: {
    weights: [
      ["on", 50_000],
      ["off", 50_000],
    ],
  },
};
const pattern = { attribute: "email", op: "matches", values: ["^[a-z.]+@(?:example|test)\\.com$"] };
const flags = {
  plain: flag,
  "three rules and a split": { ...flag, rules: ["SE", "NO", "DK"].map(rule), fallthrough: split },
  "a regular expression": { ...flag, rules: [{ when: pattern, serve: { variation: "off" } }] },
};
const contexts = Array.from({ length: 1000 }, (_, i) => ({
  targetingKey: `user-${i}`,
  country: "DE",
  plan: "free",
  email: `user${String.fromCharCode(97 + (i % 26))}@example.com`,
}));

const client = createServerClient({ offline: true, bootstrap: { version: 1, flags } });
for (const key of Object.keys(flags)) {
  let on = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round++) {
    const began = process.hrtime.bigint();
    for (let i = 0; i < 100_000; i++) on += client.bool(key, false, contexts[i % 1000]) ? 1 : 0;
    best = Math.min(best, Number(process.hrtime.bigint() - began) / 100_000);
  }
  console.log(`${key}: ${best.toFixed(0)} ns (${((100 * on) / 2_000_000).toFixed(0)} % on)`);
}
await client.close();
