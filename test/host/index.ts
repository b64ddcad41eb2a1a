// The entry of the tests that run inside a VS Code extension host: loads every suite and writes each event to a file as it happens,
// so that the runner outside knows what passed even when the host hangs.
import { appendFileSync, globSync } from "node:fs";
import path from "node:path";

import Mocha from "mocha";

/** What the runner outside reads, one JSON line each. */
export interface HostEvent {
  readonly event: "start" | "pass" | "fail" | "pending";
  readonly title: string;
  readonly error?: string;
}

const TIMEOUT_MS = 60_000;

function reportTo(file: string, runner: Mocha.Runner): void {
  const write = (event: HostEvent): void => appendFileSync(file, `${JSON.stringify(event)}\n`);
  runner.on("test", (test) => write({ event: "start", title: test.fullTitle() }));
  runner.on("pass", (test) => write({ event: "pass", title: test.fullTitle() }));
  runner.on("pending", (test) => write({ event: "pending", title: test.fullTitle() }));
  // A failing hook arrives here too, under its own title.
  runner.on("fail", (test, error: Error) =>
    write({ event: "fail", title: test.fullTitle(), error: error.stack ?? String(error) }),
  );
}

export async function run(): Promise<void> {
  const { SESSION_FORENSICS_TEST_EVENTS: events, SESSION_FORENSICS_TEST_NAME: name } = process.env;
  if (events === undefined) throw new Error("start these tests with `npm run test:host` or `npm run test:desktop`");
  const mocha = new Mocha({ ui: "bdd", timeout: TIMEOUT_MS, ...(name === undefined ? {} : { grep: name }) });
  for (const file of globSync("*.test.cjs", { cwd: __dirname })) mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    reportTo(events, runner);
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
