import { describe, expect, it } from "vitest";
import { lazyPart, PartMissing } from "./lazy-part";

const Page = () => null;

describe("lazyPart", () => {
  it("loads once, however often it is asked for", async () => {
    let loads = 0;
    const part = lazyPart(() => {
      loads += 1;
      return Promise.resolve({ Page });
    }, "Page");
    await Promise.all([part.preload(), part.preload()]);
    await part.preload();
    expect(loads).toBe(1);
  });

  it("throws where it is rendered when its code could not be downloaded, and loads again when asked again", async () => {
    let online = false;
    const part = lazyPart(
      () => (online ? Promise.resolve({ Page }) : Promise.reject(new Error("404"))),
      "Page",
    );
    await part.preload();
    const render = () => (part as unknown as (props: object) => unknown)({});
    expect(render).toThrow(PartMissing);
    online = true;
    await part.preload();
    expect(render).not.toThrow();
  });
});
