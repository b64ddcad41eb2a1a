/** A plan with every kind of step in it, and the tree that it is for. */
import { createHash } from "node:crypto";

import { ABSENT, type FileState, type Plan, type Step, type WriteFile } from "../../src/model/plan.ts";
import { planFor, stateAt } from "./executor.ts";
import { file, header, json, lines, link, type TreeNode } from "./homes.ts";

const SESSIONS = "agents/main/sessions";
const HOUR_AGO = Date.parse("2026-11-21T00:10:00.000Z");

/** A small home with a store, transcripts, an archive, a stale lock and a folder to be put away. */
export function sampleTree(): Record<string, TreeNode> {
  const old = (content: string, mode = 0o600): TreeNode => file(content, { mtime: HOUR_AGO, mode });
  return {
    "openclaw.json": old("{}"),
    agents: {
      main: {
        sessions: {
          "sessions.json": old('{"a":1}\n'),
          "one.jsonl": old(lines(header("one", "2026-11-21T00:00:00.000Z")), 0o644),
          "two.jsonl.reset.2026-11-20T00-00-00.000Z": old(lines(header("two", "2026-11-20T00:00:00.000Z"))),
          "three.jsonl": old(lines(header("three", "2026-11-21T00:00:00.000Z"))),
          "gone.jsonl.lock": old(json({ pid: 999, createdAt: "2026-11-21T00:00:00.000Z", starttime: 1 })),
        },
      },
      shadow: { sessions: { "sessions.json": old("{}"), nested: { "x.jsonl": old("x\n") }, alias: link("nested") } },
    },
  };
}

/** Replaces, creates, copies, edits, renames, sets aside and links, under a lock of the agent. */
export function everyKindOfStep(home: string): Plan {
  const at = (name: string): string => `${SESSIONS}/${name}`;
  const archive = at("two.jsonl.reset.2026-11-20T00-00-00.000Z");
  const steps: Step[] = [
    aside(home, at("gone.jsonl.lock")),
    written(home, at("sessions.json"), '{"b":1}\n'),
    written(home, at("new.jsonl"), "new\n", HOUR_AGO),
    copied(home, archive, at("two.jsonl")),
    renamed(home, at("three.jsonl"), at("three.jsonl.reset.2026-11-21T00-30-00.000Z")),
    aside(home, "agents/shadow/sessions"),
    {
      do: "make-symlink",
      path: "agents/shadow/sessions",
      before: { is: "absent" },
      after: { is: "symlink", target: "../main/sessions" },
      why: "it can't split again",
    },
    {
      do: "make-folder",
      path: "agents/main/kept",
      before: { is: "absent" },
      after: { is: "folder", mode: 0o700 },
      mode: 0o700,
      why: "room for copies",
    },
    { ...written(home, at("new.jsonl"), "kept\n", HOUR_AGO), path: "agents/main/kept/copy.jsonl" },
  ];
  const lock = { path: at("one.jsonl.lock"), of: "transcript", target: at("one.jsonl") } as const;
  return planFor(home, {
    title: "Every kind of step",
    steps,
    locks: [lock],
    gates: [
      { gate: "lock-free", path: lock.path, why: "it is written to" },
      { gate: "quiet", path: at("sessions.json"), quietMs: 10_000, why: "it is replaced" },
      { gate: "still-stale", path: at("gone.jsonl.lock"), why: "it is moved aside" },
      { gate: "gateway-down", why: "the store is replaced" },
    ],
  });
}

/** A transcript with a stale lock: that is moved aside, and OpenClaw's lock taken in its place for the change. */
export function lockAndTranscript(home: string): Plan {
  const [transcript, lock] = [`${SESSIONS}/gone.jsonl`, `${SESSIONS}/gone.jsonl.lock`];
  return planFor(home, {
    title: "A lock and its transcript",
    steps: [aside(home, lock), written(home, transcript, "again\n", HOUR_AGO)],
    locks: [{ path: lock, of: "transcript", target: transcript }],
    gates: [{ gate: "still-stale", path: lock, why: "it is moved aside" }],
  });
}

/** A step that writes this text, over what stands there. */
export function written(home: string, path: string, text: string, mtimeMs: number | null = null): WriteFile {
  return {
    do: "write-file",
    path,
    before: stateAt(home, path),
    after: stateOfText(text),
    content: { as: "text", text },
    mode: 0o600,
    mtimeMs,
    why: "a test",
  };
}

export function stateOfText(text: string): FileState {
  return { is: "file", bytes: Buffer.byteLength(text), sha256: createHash("sha256").update(text).digest("hex") };
}

export function aside(home: string, path: string): Step {
  return { do: "move-aside", path, before: stateAt(home, path), after: { is: "absent" }, why: "a test" };
}

export function renamed(home: string, path: string, to: string): Step {
  const before = stateAt(home, path);
  return { do: "rename", path, before, after: { is: "absent" }, to, toBefore: stateAt(home, to), why: "a test" };
}

/** A copy with the time of its original. */
export function copied(home: string, of: string, path: string): Step {
  const expect = stateAt(home, of);
  if (expect.is !== "file") throw new Error(`${of} is no file`);
  const { bytes, sha256, mtimeMs = null, mode = 0o600 } = expect;
  return {
    do: "write-file",
    path,
    before: ABSENT,
    after: { is: "file", bytes, sha256 },
    content: { as: "copy", of, expect, edits: [] },
    mode,
    mtimeMs,
    why: "a test",
  };
}
