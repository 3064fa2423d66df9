// Reads what the test runners say of themselves. A runner that ran nothing, or whose words cannot be read, has failed:
// silence never counts as success.

/** @typedef {{ passed: number, failed: number, skipped: number, note?: string }} Tally */

/**
 * Sums every `test result:` line that `cargo test` prints: one a crate, one a crate's documentation.
 * @param {string} output
 * @param {number} exitCode
 * @returns {Tally}
 */
export function readCargo(output, exitCode) {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const lines = output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm);
  for (const [, passed, failed, ignored] of lines) {
    tally.passed += Number(passed);
    tally.failed += Number(failed);
    tally.skipped += Number(ignored);
  }
  return settle(tally, exitCode);
}

/**
 * Reads vitest's JSON report.
 * @param {string} report
 * @param {number} exitCode
 * @returns {Tally}
 */
export function readVitest(report, exitCode) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(report);
  const skipped = numPendingTests + numTodoTests;
  return settle({ passed: numPassedTests, failed: numFailedTests, skipped }, exitCode);
}

/**
 * Reads Playwright's JSON report. A test that passed only when tried again has failed.
 * @param {string} report
 * @param {number} exitCode
 * @returns {Tally}
 */
export function readPlaywright(report, exitCode) {
  const { expected, unexpected, flaky, skipped } = JSON.parse(report).stats;
  return settle({ passed: expected, failed: unexpected + flaky, skipped }, exitCode);
}

/**
 * Reads pytest's JUnit report. What could not be set up has failed.
 * @param {string} report
 * @param {number} exitCode
 * @returns {Tally}
 */
export function readJunit(report, exitCode) {
  const tag = report.match(/<testsuite [^>]*>/)?.[0] ?? "";
  const count = (name) => Number(tag.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1]);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  return settle({ passed: count("tests") - failed - skipped, failed, skipped }, exitCode);
}

/**
 * Reads the last lines of `node --test --test-reporter=tap`.
 * @param {string} output
 * @param {number} exitCode
 * @returns {Tally}
 */
export function readNode(output, exitCode) {
  const count = (name) => Number(output.match(new RegExp(`^# ${name} (\\d+)$`, "m"))?.[1]);
  const tally = { passed: count("pass"), failed: count("fail"), skipped: count("skipped") + count("todo") };
  return settle(tally, exitCode);
}

/**
 * @param {Tally} tally
 * @param {number} exitCode
 * @returns {Tally}
 */
function settle(tally, exitCode) {
  if (![tally.passed, tally.failed, tally.skipped].every(Number.isInteger)) {
    return failed("its summary cannot be read");
  }
  if (exitCode !== 0 && tally.failed === 0) {
    return { ...tally, failed: 1, note: `it ended with exit code ${exitCode}` };
  }
  if (tally.passed + tally.failed === 0) {
    return { ...tally, failed: 1, note: "it ran no test" };
  }
  return tally;
}

/**
 * @param {string} note
 * @returns {Tally}
 */
export function failed(note) {
  return { passed: 0, failed: 1, skipped: 0, note };
}

/**
 * @param {readonly { name: string, tally: Tally }[]} results
 * @returns {{ table: string, last: string, ok: boolean }}
 */
export function summarize(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { tally } of results) {
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  const width = Math.max(...results.map(({ name }) => name.length));
  const table = results
    .map(({ name, tally }) => {
      const note = tally.note === undefined ? "" : `  (${tally.note})`;
      return `${name.padEnd(width)}  ${words(tally)}${note}`;
    })
    .join("\n");
  return { table, last: words(total), ok: total.failed === 0 && total.passed > 0 };
}

/** @param {Tally} tally */
function words({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
