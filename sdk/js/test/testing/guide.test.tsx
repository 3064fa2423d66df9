// @vitest-environment happy-dom
// What docs/sdk/testing.md shows of pages, as it is built: through the package's own exports.
// #region react
import { PeekabooProvider } from "@peekaboo/sdk/react";
import { createTestClient } from "@peekaboo/sdk/testing";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Shop } from "../../../../examples/react/src/shop.js";

afterEach(cleanup);

test("the express checkout is offered while its flag is on, and a purchase is tracked", () => {
  const flags = createTestClient({ "new-checkout": false });
  render(
    <PeekabooProvider client={flags}>
      <Shop />
    </PeekabooProvider>,
  );
  expect(screen.getByRole("button", { name: "Buy now" })).toBeTruthy();

  act(() => flags.set("new-checkout", true));
  screen.getByRole("button", { name: "Express checkout" }).click();
  expect(flags.tracked("purchase")).toMatchObject([{ value: 12.5 }]);
});
// #endregion

test("what the guide says of typed flags, of functions and of the connection", async () => {
  // #region page
  interface Flags {
    "new-checkout": boolean;
    "hero-theme": "dawn" | "fjord";
  }

  const flags = createTestClient<Flags>({
    "new-checkout": true,
    "hero-theme": (context) => (context.country === "SE" ? "fjord" : "dawn"),
  });
  flags.string("hero-theme", "dawn"); // "dawn"
  await flags.identify({ country: "SE" });
  flags.string("hero-theme", "dawn"); // "fjord"

  flags.set("new-checkout", false); // listeners have run, components have rendered
  flags.remove("new-checkout"); // an unknown flag: the default of each read

  flags.goOffline(); // status "reconnecting", the last values
  flags.goOnline();
  // #endregion
  expect(flags.reads("hero-theme").map(({ value }) => value)).toEqual(["dawn", "fjord"]);
  expect(flags.status).toBe("live");
  expect(flags.bool("new-checkout", true)).toBe(true);
});
