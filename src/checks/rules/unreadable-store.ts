/** store/unreadable: the store is empty, cut or damaged; what can still be used is named. */
import { count, listed, size } from "../../model/amounts.ts";
import type { AgentReading, Companion, HomeReading } from "../../model/reading.ts";
import type { Store } from "../../model/store.ts";
import { baseName, fileAgents } from "../facts.ts";
import { momentText } from "../moments.ts";
import type { Draft, Rule } from "../rule.ts";

const MOST_DAMAGE = 20;

const KEEP_IT = "Stop the gateway before it writes a new store over this one, and keep a copy.";
const AS_OWNER = "It may be whole: look again as the user that owns it.";

export const unreadableStore: Rule = ({ home }) =>
  fileAgents(home)
    .filter(({ reading }) => ["empty", "damaged", "unreadable"].includes(reading.store.state))
    .map(({ reading }) => draftOf(reading, troubleOf(reading, home.reading)));

/** Why neither the store nor its folder could be read, when the home's reading says so. */
function troubleOf({ store, sessionsPath }: AgentReading, { home, skipped }: HomeReading): string | null {
  const places = [store.path, sessionsPath].map((path) => `${home.path}/${path}`);
  return skipped.find(({ path }) => places.includes(path))?.reason ?? null;
}

function draftOf(agent: AgentReading, trouble: string | null): Draft {
  const { store } = agent;
  const [first] = store.damage;
  const copies = storeCopies(agent);
  const live = agent.fragments.filter((one) => one.kind === "live").length;
  const liveText =
    live === 0 ? "" : ` ${count(live, "transcript")} of agent ${agent.name} ${live === 1 ? "is" : "are"} not affected.`;
  const copiesText =
    copies.length === 0
      ? "No older copy of it stands in its folder."
      : `Older copies stand beside it: ${listed(copies.slice(0, 3).map(({ path }) => baseName(path)))}.`;
  return {
    code: "store/unreadable",
    path: store.path,
    ...(first === undefined ? {} : { range: { line: first.line, offset: first.offset, bytes: 1 } }),
    message:
      `${whatIsWrong(store, trouble)}${liveText} ${copiesText} ` +
      (trouble === "permission denied" ? AS_OWNER : KEEP_IT),
    evidence: [
      ...(store.damage.length === 0 ? [{ kind: "file", text: size(store.bytes), path: store.path } as const] : []),
      ...store.damage.slice(0, MOST_DAMAGE).map(({ reason, offset, line, key }) => {
        const where = key === null ? "" : ` in the row of ${key}`;
        return { kind: "file", text: `${reason}${where}, at byte ${offset}`, path: store.path, line } as const;
      }),
    ],
    agent: agent.name,
    related: copies.map(({ path, modifiedAt }) => ({
      path,
      label: `older copy of the store, ${momentText(modifiedAt)}`,
    })),
  };
}

function whatIsWrong(store: Store, trouble: string | null): string {
  const name = `The store (${baseName(store.path)})`;
  if (store.state === "empty") return `${name} is empty: OpenClaw will start every session of this agent anew.`;
  if (store.state === "unreadable") {
    return `${name} can't be read at all${trouble === null ? "" : ` (${trouble})`}, so its sessions can't be listed.`;
  }
  const [first] = store.damage;
  const where = first === undefined ? "" : `: ${first.reason}, line ${first.line}, byte ${first.offset}`;
  return `${name} is damaged${where}. ${count(store.rows.length, "row")} can still be read; OpenClaw itself may read none.`;
}

/** Backups and left-over temporary copies of the store, the newest first. */
function storeCopies({ companions }: AgentReading): Companion[] {
  return companions
    .filter(({ what, bytes }) => bytes > 0 && (what === "store-backup" || what === "store-temporary"))
    .toSorted((a, b) => b.modifiedAt - a.modifiedAt);
}
