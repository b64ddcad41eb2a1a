import assert from "node:assert/strict";
import { test } from "node:test";
import { likenessOf, type Likeness } from "../../../../src/checks/locks/likeness.ts";
import { liveProcess } from "../../../support/model.ts";

const CASES: readonly (readonly [Likeness, readonly string[]])[] = [
  ["openclaw", ["openclaw"]],
  ["openclaw", ["openclaw-gateway"]],
  ["openclaw", ["openclaw gateway run"]],
  ["openclaw", ["/usr/local/bin/openclaw", "gateway"]],
  ["openclaw", ["/opt/x/openclaw-gateway"]],
  ["openclaw", ["C:\\tools\\openclaw.exe", "gateway"]],
  ["openclaw", ["/Applications/OpenClaw.app/Contents/MacOS/OpenClaw"]],
  ["openclaw", ["clawdbot"]],
  ["openclaw", ["node", "/usr/lib/node_modules/openclaw/dist/index.js", "gateway"]],
  ["openclaw", ["/usr/bin/node22", "openclaw.mjs", "gateway"]],
  ["openclaw", ["node /srv/openclaw/openclaw.mjs gateway"]],
  ["openclaw", ["bun", "C:\\apps\\openclaw\\index.js"]],
  ["runtime", ["node", "dist/index.js", "gateway"]],
  ["runtime", ["/usr/bin/node", "/srv/my-openclaw-dashboard/server.js"]],
  ["runtime", ["bun", "run", "start"]],
  ["unnamed", []],
  ["unnamed", [""]],
  ["other", ["sleep", "600"]],
  ["other", ["vim", "/home/kim/.openclaw/openclaw.json"]],
  ["other", ["/bin/sh", "-c", "openclaw gateway"]],
  ["other", ["nodemon-like-but-not", "openclaw"]],
  ["other", ["/home/kim/openclaw/run.py"]],
];

for (const [expected, argv] of CASES) {
  test(`${argv.join(" ") || "(no command line)"} is ${expected}`, () => {
    assert.equal(likenessOf(liveProcess({ argv, command: argv.join(" ") })), expected);
  });
}

test("without arguments the command line is split at blanks", () => {
  assert.equal(likenessOf(liveProcess({ argv: [], command: "openclaw-gateway --port 1" })), "openclaw");
});
