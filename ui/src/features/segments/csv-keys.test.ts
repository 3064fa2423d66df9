import { describe, expect, it } from "vitest";
import { guess, keysOf, readCsv } from "./csv-keys";

const read = async (text: string) => {
  const table = await readCsv(text);
  if (!table) throw new Error("it is CSV");
  return table;
};

describe("a CSV file of keys", () => {
  it("may have one key in each row and nothing else", async () => {
    const table = await read("\uFEFFuser-1\r\nuser-2\r\n\r\nuser-1\r\n");
    expect(guess(table, "targetingKey")).toEqual({ column: 0, header: false });
    expect(keysOf(table, 0, false)).toEqual(["user-1", "user-2"]);
  });

  it("has its keys in the column that is named after the attribute", async () => {
    const table = await read('name;email\n"Lovelace; Ada";ada@example.com\nGrace;grace@example.com\n');
    expect(guess(table, "/user/email")).toEqual({ column: 1, header: true });
    expect(keysOf(table, 1, true)).toEqual(["ada@example.com", "grace@example.com"]);
  });

  it("is read whole, however long it is", async () => {
    const table = await read(Array.from({ length: 50_000 }, (_, nth) => `user-${nth}`).join("\n"));
    expect(keysOf(table, 0, false)).toHaveLength(50_000);
  });

  it("can’t be a binary file", async () => {
    expect(await readCsv("PK\u0003\u0004\0\0")).toBeUndefined();
    expect(await readCsv("")).toBeUndefined();
  });
});
