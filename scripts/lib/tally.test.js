import assert from "node:assert/strict";
import { test } from "node:test";

import { failed, readCargo, readJunit, readNode, readPlaywright, readVitest, summarize } from "./tally.js";

const CARGO = `
running 2 tests
test result: ok. 25 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
`;

test("the results of every crate's tests are added up", () => {
  assert.deepEqual(readCargo(CARGO, 101), { passed: 28, failed: 2, skipped: 1 });
});

test("a crate that does not compile is a failure though no test failed", () => {
  const passing = CARGO.replace("2 failed", "0 failed");
  assert.equal(readCargo(passing, 101).failed, 1);
});

test("a runner that ran nothing has failed", () => {
  assert.deepEqual(readCargo("", 0), { passed: 0, failed: 1, skipped: 0, note: "it ran no test" });
  assert.equal(readPlaywright('{"stats":{"expected":0,"unexpected":0,"flaky":0,"skipped":4}}', 0).failed, 1);
});

test("a runner whose words cannot be read has failed", () => {
  assert.equal(readVitest("{}", 0).failed, 1);
  assert.equal(readNode("no summary", 0).failed, 1);
  assert.throws(() => readVitest("not JSON", 0));
});

test("a browser test that passed only when tried again has failed", () => {
  const report = '{"stats":{"expected":3,"unexpected":1,"flaky":1,"skipped":2}}';
  assert.deepEqual(readPlaywright(report, 1), { passed: 3, failed: 2, skipped: 2 });
});

test("a todo counts as skipped", () => {
  const report = '{"numPassedTests":3,"numFailedTests":0,"numPendingTests":1,"numTodoTests":1}';
  assert.deepEqual(readVitest(report, 0), { passed: 3, failed: 0, skipped: 2 });
  const tap = "# tests 4\n# pass 2\n# fail 0\n# skipped 1\n# todo 1\n";
  assert.deepEqual(readNode(tap, 0), { passed: 2, failed: 0, skipped: 2 });
});

test("what pytest could not set up has failed", () => {
  const report =
    '<testsuites name="pytest"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.5">';
  assert.deepEqual(readJunit(report, 1), { passed: 4, failed: 3, skipped: 3 });
  assert.equal(readJunit("<nothing/>", 0).failed, 1);
});

test("the last line is the total and one failure makes the whole fail", () => {
  const good = { name: "Rust", tally: { passed: 2, failed: 0, skipped: 1 } };
  assert.equal(summarize([good]).ok, true);
  const { last, ok, table } = summarize([good, { name: "Browser", tally: failed("it did not start") }]);
  assert.equal(last, "2 passed, 1 failed, 1 skipped");
  assert.equal(ok, false);
  assert.match(table, /^Browser {2}0 passed, 1 failed, 0 skipped {2}\(it did not start\)$/m);
});
