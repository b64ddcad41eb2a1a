// The house as data: which folder of src/ may import which, and which modules of Node reach the outside world.
// scripts/lint/plugin.mjs turns this table into lint rules; test/ground/floors.test.ts proves that each one fires.

const BELOW_REASONING = ["model", "formats", "system", "agents"];
const BELOW_ENGINE = [...BELOW_REASONING, "chains", "checks", "repairs", "backups"];
const BELOW_FACES = [...BELOW_ENGINE, "engine"];

/** What a folder of src/ may import from src/ (itself always included). */
export const FLOORS = {
  model: { below: [], instead: "model/ imports nothing: move what it needs into model/, or the code that needs it up" },
  formats: { below: ["model"], instead: "formats/ is pure: take bytes and values as arguments" },
  system: { below: ["model", "formats"], instead: "system/ knows the machine, not the agents: pass what it needs in" },
  agents: {
    below: ["model", "formats", "system"],
    instead: "agents/ reads one program's state: leave judgement to chains/ and checks/",
  },
  chains: {
    below: ["model", "formats"],
    instead: "chains/ is pure over model/: let the engine read and pass values in",
  },
  checks: {
    below: ["model", "formats"],
    instead: "checks/ is pure over model/: let the engine read and pass values in",
  },
  repairs: {
    below: ["model", "formats"],
    instead: "repairs/ makes plans as data over model/: let the engine read and pass values in",
  },
  backups: {
    below: BELOW_REASONING,
    instead: "backups/ stands beside the other rules: put what both need into model/ or formats/",
  },
  engine: {
    below: BELOW_ENGINE,
    instead: "engine/ knows no face: offer an event or a return value that the face picks up",
  },
  protocol: {
    below: ["model"],
    instead: "protocol/ is types and method names: describe the data with types of model/",
  },
  server: {
    below: [...BELOW_FACES, "protocol"],
    instead: "server/ hosts the engine for an editor: share through engine/ or protocol/",
  },
  mcp: { below: BELOW_FACES, instead: "mcp/ hosts the engine for a language model: share through engine/" },
  cli: {
    below: [...BELOW_FACES, "protocol", "server", "mcp"],
    instead: "cli/ hosts the engine for a terminal: share through engine/",
  },
  webview: {
    below: ["protocol"],
    instead: "webview/ runs in a page of its own: what it shows comes in a message of src/protocol",
  },
  extension: {
    below: ["protocol"],
    instead: "extension/ asks the server: add a method to protocol/ and answer it in server/",
  },
};

/** Modules through which code reaches files, processes, the network or the machine. */
export const OUTSIDE = [
  "child_process",
  "cluster",
  "dgram",
  "dns",
  "fs",
  "fs/promises",
  "http",
  "http2",
  "https",
  "net",
  "os",
  "sqlite",
  "tls",
  "worker_threads",
];

/** Modules that only the named places may import; everybody else goes through them. */
export const GATES = [
  {
    modules: ["fs", "fs/promises"],
    allowed: ["system/", "engine/executor"],
    instead: "read through the interfaces of src/system; write through a plan and src/engine/executor",
  },
  {
    modules: ["child_process", "sqlite"],
    allowed: ["system/"],
    instead: "use the interfaces of src/system",
  },
  {
    modules: ["readline", "readline/promises"],
    allowed: ["cli/"],
    instead: "split bytes at 0x0A with src/formats: readline breaks a line at U+2028, which JSON text may hold",
  },
  {
    modules: ["vscode"],
    allowed: ["extension/"],
    instead: "only src/extension runs inside VS Code: offer it through src/protocol",
  },
];

/** Folders that compute and never look outside. */
export const PURE = ["model", "formats", "chains", "checks", "repairs", "protocol", "webview"];

/**
 * Places whose imports from node:fs may change the disk. The cache file keeps what the tool learnt, and the copy of a database
 * is for this process alone: both lie outside every home.
 */
export const WRITERS = ["engine/executor", "system/cache-file", "system/sqlite-copy"];

/** Functions of node:fs and node:fs/promises that change the disk (their Sync forms too). */
export const WRITING = [
  "appendFile",
  "chmod",
  "chown",
  "copyFile",
  "cp",
  "createWriteStream",
  "fchmod",
  "fchown",
  "fdatasync",
  "fsync",
  "ftruncate",
  "futimes",
  "lchmod",
  "lchown",
  "link",
  "lutimes",
  "mkdir",
  "mkdtemp",
  "mkdtempDisposable",
  "rename",
  "rm",
  "rmdir",
  "symlink",
  "truncate",
  "unlink",
  "utimes",
  "write",
  "writeFile",
  "writev",
];
