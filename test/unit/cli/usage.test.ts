// Arguments, exit codes, colours, and a reader that goes away.
import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, suite, test } from "node:test";

import { fitted, wantsColours } from "../../../src/cli/terminal.ts";
import { wrapped } from "../../../src/cli/wrapping.ts";
import { fileSpan, nameSpan, plainText, span } from "../../../src/engine/present/lines.ts";
import type { Line } from "../../../src/engine/present/lines.ts";
import { cli } from "../../support/cli-world.ts";
import { fakeEngine, NOTHING_READ } from "../../support/fake-engine.ts";
import { aFinding, aHome, aSession, aSnapshot, anAgent, FIRST_ID, SECOND_ID } from "../../support/snapshots.ts";

const folder = mkdtempSync(path.join(tmpdir(), "usage-"));
after(() => rmSync(folder, { recursive: true }));

suite("bad usage ends with 2 and says why on stderr", () => {
  const cases: readonly [string[], RegExp][] = [
    [["frobnicate"], /"frobnicate" is not a verb/],
    [["scan", "--frobnicate"], /--frobnicate/],
    [["check", "--fail-on", "fatal"], /--fail-on takes info, warning, error, not "fatal"/],
    [["check", "--fail-on"], /--fail-on/],
    [["chain"], /Usage: session-forensics chain QUERY/],
    [["chain", "a", "b"], /"b" is one argument too many/],
    [["chain", "nobody"], /^No session goes by "nobody"\. Name a session key[^\n]*\n$/],
    [["chain", "start the BUILD"], /These mention it:\n {2}agent:main:incident {2}17b5706a-/],
    [["lsp", "x"], /one argument too many/],
  ];
  for (const [args, message] of cases)
    test(args.join(" "), async () => {
      const { code, out, err } = await cli(args);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, message);
    });
});

suite("help and version", () => {
  test("the overview names every verb", async () => {
    for (const args of [[], ["--help"], ["-h"], ["help"]]) {
      const { code, out } = await cli(args);
      assert.equal(code, 0);
      for (const verb of ["scan", "check", "locks", "chain", "lsp"]) assert.match(out, new RegExp(`^  ${verb} `, "m"));
      assert.doesNotMatch(out, /\][a-z]/, "what a verb takes stands apart from what it is");
    }
  });

  test("each verb has help of its own", async () => {
    for (const verb of ["scan", "check", "locks", "chain", "lsp"])
      for (const args of [
        [verb, "--help"],
        ["help", verb],
      ])
        assert.match((await cli(args)).out, new RegExp(`Usage: session-forensics ${verb} `));
  });

  test("the version is a version", async () => assert.match((await cli(["--version"])).out, /^\d+\.\d+\.\d+\n$/));
});

const withSeverity = (severity: "error" | "warning" | "info") =>
  aSnapshot([aHome({ findings: [aFinding({ severity })] })]);

const codeOf = async (severity: "error" | "warning" | "info", ...args: string[]): Promise<number> =>
  (await cli(["check", ...args], { snapshot: withSeverity(severity) })).code;

suite("check's exit code", () => {
  test("is 1 from warnings on, or from where --fail-on says", async () => {
    assert.deepEqual([await codeOf("error"), await codeOf("warning"), await codeOf("info")], [1, 1, 0]);
    assert.equal(await codeOf("warning", "--fail-on", "error"), 0);
    assert.equal(await codeOf("error", "--fail-on=error"), 1);
    assert.equal(await codeOf("info", "--fail-on", "info"), 1);
  });

  test("--deep reads every byte, and says what was read", async () => {
    const { code, err, out } = await cli(["check", "--deep"], { snapshot: withSeverity("info") });
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /Read whole: 0 transcripts, 0 bytes in 0 lines\.\n$/);
    const json = await cli(["check", "--deep", "--json"], { snapshot: withSeverity("info") });
    const plain = await cli(["check", "--json"], { snapshot: withSeverity("info") });
    assert.equal(json.out, plain.out, "the same document");
    assert.match(json.err, /^Read whole: 0 transcripts/);
  });

  test("--deep says which transcripts it could not read, with exit code 3", async () => {
    const snapshot = withSeverity("info");
    const engine = fakeEngine(snapshot);
    const failed = [{ path: "/home/ann/.openclaw/x.jsonl", reason: "permission denied" }];
    engine.deepCheck = () =>
      Promise.resolve({ snapshot, read: { ...NOTHING_READ, failed, notFollowed: ["/y.jsonl"] } });
    const { code, err, out } = await cli(["check", "--deep"], { engine: () => engine });
    assert.equal(code, 3);
    assert.match(err, /^Can't read .*x\.jsonl: permission denied\n.*y\.jsonl has so many entries/);
    assert.match(out, /1 transcript could not be read\./);
  });
});

suite("folders", () => {
  mkdirSync(path.join(folder, "empty"));
  writeFileSync(path.join(folder, "file"), "");
  symlinkSync("nowhere", path.join(folder, "dangling"));
  symlinkSync("loop", path.join(folder, "loop"));

  for (const [name, reason] of [
    ["missing", "does not exist"],
    ["file", "is not a folder"],
    ["dangling", "does not exist"],
    ["loop", "a symbolic link, or a loop of them"],
  ] as const)
    test(`${name}: exit code 3, named on stderr and among the skipped, and the rest is shown`, async () => {
      const { code, out, err, requests } = await cli(["scan", "--json", "empty", name], { workingFolder: folder });
      assert.equal(code, 3);
      assert.equal(err, `Can't read ${path.join(folder, name)}: ${reason}\n`);
      const document = JSON.parse(out) as { skipped: unknown; homes: unknown[] };
      assert.deepEqual(document.skipped, [{ path: path.join(folder, name), reason }]);
      assert.equal(document.homes.length, 1);
      assert.deepEqual(requests[0]?.given, { paths: [path.join(folder, "empty")], discover: false });
    });

  test("an empty one is no error", async () => {
    const { code, out } = await cli(["check", "empty"], { workingFolder: folder, snapshot: aSnapshot([]) });
    assert.equal(code, 0);
    assert.match(out, /No home of an agent lies in empty\./);
  });

  test("none means the homes of this user", async () => {
    const { requests } = await cli(["scan", "--no-cache"]);
    assert.deepEqual(requests[0]?.given, { paths: [], discover: true });
    assert.equal(requests[0]?.cache, false);
  });

  test("a home that can't be read at all ends with 3", async () => {
    const unread = aHome({ agents: [], skipped: [{ path: "/home/ann/.openclaw", reason: "permission denied" }] });
    const { code, err } = await cli(["scan"], { snapshot: aSnapshot([unread]) });
    assert.equal(code, 3);
    assert.equal(err, "Can't read /home/ann/.openclaw: permission denied\n");
  });

  test("a home whose agents can't be listed ends with 3, and is not called healthy", async () => {
    const unread = aHome({
      agents: [],
      skipped: [{ path: "/home/ann/.openclaw/agents", reason: "permission denied" }],
    });
    const { code, out } = await cli(["check"], { snapshot: aSnapshot([unread]) });
    assert.equal(code, 3);
    assert.doesNotMatch(out, /Nothing is wrong/);
  });
});

suite("chain", () => {
  test("an ambiguous query lists what it can mean", async () => {
    const other = aHome({ home: { id: "b", path: "/b" } });
    const { code, err } = await cli(["chain", "incident"], { snapshot: aSnapshot([aHome(), other]) });
    assert.equal(code, 2);
    assert.match(err, /"incident" can mean 2 sessions/);
    assert.match(err, /agent:main:incident {2}17b5706a-\S+ {2}2 fragments .* of \/b$/m);
  });

  test("the canonical home's session is shown, the shadow's named", async () => {
    const shadow = aHome({ home: { id: "s", path: "/s", role: "shadow" } });
    const { code, out, err } = await cli(["chain", "incident"], { snapshot: aSnapshot([shadow, aHome()]) });
    assert.equal(code, 0);
    assert.match(out, /In agent main of \/home\/ann\/\.openclaw/);
    assert.match(err, /can also mean[^]* of \/s$/m);
  });

  test("--home means that home, not the canonical one that it is a shadow of", async () => {
    const place = path.join(folder, "shadow");
    const shadow = aHome({ home: { id: "s", path: place, role: "shadow" } });
    const homes = [aHome({ home: { path: folder } }), shadow];
    mkdirSync(place, { recursive: true });
    const { code, out, err } = await cli(["chain", "incident", "--home", place], { snapshot: aSnapshot(homes) });
    assert.equal(code, 0);
    assert.ok(out.includes(`In agent main of ${place} `), out);
    assert.equal(err, "");
    const folderOfBoth = await cli(["chain", "incident", "--home", folder], { snapshot: aSnapshot(homes) });
    assert.ok(folderOfBoth.out.includes(`In agent main of ${folder} `), folderOfBoth.out);
  });

  test("a file is looked for in its own home, an id among those of this user", async () => {
    const file = `/srv/copy/agents/main/sessions/${FIRST_ID}.jsonl`;
    assert.deepEqual((await cli(["chain", file])).requests[0]?.given, { paths: ["/srv/copy"], discover: false });
    assert.deepEqual((await cli(["chain", FIRST_ID])).requests[0]?.given, { paths: [], discover: true });
    assert.deepEqual((await cli(["chain", FIRST_ID, "--home", folder])).requests[0]?.given, {
      paths: [folder],
      discover: false,
    });
  });

  test("a home that is not there ends with 3", async () => {
    assert.equal((await cli(["chain", "x", "--home", "/nowhere/at/all"])).code, 3);
  });
});

const broken = (content: Line, width: number): string[] =>
  wrapped(content, width).map((one) => plainText([one]).trimEnd());

suite("the terminal", () => {
  test("colours only where a person sees them, or where they are forced", () => {
    assert.equal(wantsColours({}, true), true);
    assert.equal(wantsColours({}, false), false);
    assert.equal(wantsColours({ TERM: "dumb" }, true), false);
    assert.equal(wantsColours({ NO_COLOR: "1" }, true), false);
    assert.equal(wantsColours({ NO_COLOR: "" }, true), true);
    assert.equal(wantsColours({ FORCE_COLOR: "1", NO_COLOR: "1" }, false), true);
    assert.equal(wantsColours({ FORCE_COLOR: "0" }, true), false);
  });

  test("colours reach the output", async () => {
    const escape = "\u001b[";
    assert.ok((await cli(["scan"], { env: { FORCE_COLOR: "1" } })).out.includes(escape));
    assert.ok(!(await cli(["scan"])).out.includes(escape));
  });

  test("only names are cut, in their middle, and only as far as they still say something", () => {
    const content = [
      span("verdict of some length, "),
      fileSpan(`/home/${"x".repeat(60)}/end`, { path: "/" }),
      span("."),
    ];
    assert.equal(plainText([fitted(content, 60)]), "verdict of some length, /home/xxxxxxxxxxx…xxxxxxxxxxxxx/end.");
    assert.equal(plainText([fitted(content, 20)]), "verdict of some length, /home/xx…xxx/end.");
    assert.equal(plainText([fitted(content, 400)]).length, 95);
  });

  test("blanks between columns go before any name is cut", () => {
    const content = [nameSpan("a-name-of-some-length"), span(" ".repeat(20)), span("detail")];
    assert.equal(plainText([fitted(content, 40)]), `a-name-of-some-length${" ".repeat(13)}detail`);
    assert.equal(plainText([fitted(content, 27)]), "a-name-of…me-length  detail");
  });

  test("sentences are broken at blanks, under their first word; a long word stays whole", () => {
    const sentence = [span("    "), span("One two three four"), span(" five", "dim")];
    assert.deepEqual(broken(sentence, 14), ["    One two", "    three four", "    five"]);
    assert.deepEqual(broken(sentence, 80), ["    One two three four five"]);
    assert.deepEqual(broken([span("abcdefghijkl")], 5), ["abcdefghijkl"]);
    assert.deepEqual(broken([span("see "), span("("), fileSpan("/a/long/path", { path: "/" }), span(")")], 8), [
      "see",
      "(/a/long/path)",
    ]);
    assert.equal(wrapped(sentence, 14).flat().at(-1)?.tone, "dim");
  });

  test("a tree is never broken, its names are cut; elsewhere paths stay whole", async () => {
    const { out } = await cli(["scan"], { isTerminal: true, columns: 60, env: { NO_COLOR: "1" } });
    assert.match(out, /^ {2}The lock's process is dead, so the agent waits for nobody\.$/m);
    assert.match(out, new RegExp(`^~/.openclaw/agents/main/sessions/${SECOND_ID}.jsonl.lock$`, "m"));
    assert.match(out, /^ {3}├─ incident {2,6}2 fragments/m);
  });

  test("a reader that goes away is no error, and ends the work early", async () => {
    const sessions = Array.from({ length: 5000 }, (_, index) => aSession({ id: `k${index}`, key: `k${index}` }));
    const snapshot = aSnapshot([aHome({ agents: [anAgent(sessions)], findings: [], locks: [] })]);
    const whole = await cli(["scan", "--all"], { snapshot });
    const cut = await cli(["scan", "--all"], { snapshot, readsOnly: 10 });
    assert.equal(cut.code, 0);
    assert.equal(cut.err, "");
    assert.ok(cut.out.length < whole.out.length / 4);
    assert.equal((await cli(["check"], { readsOnly: 0 })).code, 1);
  });

  test("output that can't be written, on a full disk, ends with 3", async () => {
    const { code, err } = await cli(["scan", "--json"], { readsOnly: 0, failsWith: "ENOSPC" });
    assert.deepEqual([code, err], [3, "Can't write what was asked for: write ENOSPC\n"]);
  });

  test("Ctrl-C ends the scan", async () => {
    const { code, err } = await cli(["scan"], { signal: AbortSignal.abort() });
    assert.equal(code, 130);
    assert.equal(err, "Stopped.\n");
  });

  test("where no home is found, nothing is said to be well", async () => {
    const { out } = await cli(["explain", "timeout acquiring session store lock"], { snapshot: aSnapshot([]) });
    assert.match(out, /That can't be told from here\./);
    assert.match(out, /^No home of an agent/m);
  });

  const KEY = "agent:main:incident";
  for (const args of [
    ["history", KEY],
    ["history", KEY, "--brief"],
    ["search", "words"],
    ["check", "--deep"],
  ])
    test(`Ctrl-C ends ${args.join(" ")} while it reads`, async () => {
      const ctrlC = new AbortController();
      const stopped = (): never => {
        ctrlC.abort();
        throw new Error("stopped");
      };
      const engine = fakeEngine(aSnapshot([aHome()]));
      engine.transcript = stopped;
      engine.deepCheck = stopped;
      const { code, err } = await cli(args, { engine: () => engine, signal: ctrlC.signal });
      assert.deepEqual([code, err], [130, "Stopped.\n"]);
    });
});
