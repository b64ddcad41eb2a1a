// The contract of `scan --json`, `check --json` and `locks --json`, to the letter: an unknown field fails too.
import * as v from "valibot";

const time = v.pipe(v.string(), v.isoTimestamp());
const maybeTime = v.nullable(time);
const text = v.string();
const path = v.pipe(v.string(), v.nonEmpty());
const absolute = v.pipe(v.string(), v.regex(/^(?:\/|[A-Z]:\\|\\\\)/));
const relative = v.pipe(
  path,
  v.check((one) => !one.startsWith("/") && !one.includes("\\"), "not relative to the home"),
);
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const oneOf = <const T extends readonly string[]>(...values: T) => v.picklist(values);

const window = v.strictObject({ sessionId: text, fromSeq: amount, toSeq: amount });
const certainty = oneOf("recorded", "derived", "inferred", "assigned");

const fragment = v.strictObject({
  path: relative,
  window: v.optional(window),
  kind: oneOf("live", "reset", "deleted", "checkpoint", "imported", "cold", "backup", "window"),
  sessionId: v.nullable(text),
  fileId: v.nullable(text),
  startedAt: maybeTime,
  endedAt: maybeTime,
  bytes: amount,
  previous: v.nullable(
    v.strictObject({ path: relative, window: v.optional(window), certainty, evidence: v.array(text) }),
  ),
  alternatives: v.array(relative),
  open: v.nullable(text),
});

const session = v.strictObject({
  id: text,
  key: v.nullable(text),
  keyEvidence: v.array(text),
  title: text,
  state: oneOf("live", "ended", "deleted", "orphan", "unknown"),
  status: v.optional(text),
  updatedAt: maybeTime,
  fragments: v.array(fragment),
});

const agent = { name: text, storePath: relative };

const home = <T extends v.ObjectEntries>(agentEntries: T) =>
  v.strictObject({
    id: text,
    program: oneOf("openclaw", "opencode", "codex", "claude"),
    era: oneOf("files", "mixed", "sqlite", "json"),
    path: absolute,
    role: oneOf("canonical", "shadow", "nested", "backup"),
    canonicalPath: v.optional(absolute),
    agents: v.array(v.strictObject(agentEntries)),
  });

const lock = v.strictObject({
  home: absolute,
  path,
  target: path,
  pid: v.nullable(v.number()),
  createdAt: maybeTime,
  ageMs: v.nullable(v.number()),
  verdict: oneOf("held", "stale", "unknown"),
  reasons: v.array(text),
  holder: v.optional(v.strictObject({ command: text, startedAt: maybeTime })),
});

const finding = v.strictObject({
  id: text,
  code: v.pipe(text, v.regex(/^[a-z]+\/[a-z-]+$/)),
  severity: oneOf("error", "warning", "info"),
  home: absolute,
  path: text,
  message: text,
  evidence: v.array(text),
  repairs: v.array(text),
});

const common = {
  schema: v.literal("session-forensics/scan/1"),
  elapsedMs: amount,
  skipped: v.array(v.strictObject({ path: text, reason: text })),
};

export const scanSchema = v.strictObject({
  ...common,
  homes: v.array(home({ ...agent, sessions: v.array(session) })),
  locks: v.array(lock),
  findings: v.array(finding),
});

export const checkSchema = v.strictObject({
  ...common,
  homes: v.array(home(agent)),
  locks: v.array(lock),
  findings: v.array(finding),
});

export const locksSchema = v.strictObject({ ...common, homes: v.array(home(agent)), locks: v.array(lock) });

export type ScanOutput = v.InferOutput<typeof scanSchema>;
