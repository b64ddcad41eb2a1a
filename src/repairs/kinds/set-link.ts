/** Keeps what a person says of a fragment: what comes before it, what comes after it, that it begins, or whose it is. */
import type { Fragment } from "../../model/fragment.ts";
import { LINKS_FOLDER } from "../../model/kept-files.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import { utc } from "../../model/time.ts";
import { fragmentAt } from "../facts.ts";
import { linkFor, linkPath, linkText, nameOf } from "../link-file.ts";
import { NOTHING, type Outline, refused } from "../outline.ts";
import { type Choice, choiceReason, type Repair, type RepairInput } from "../repair.ts";

/** Ways to say it: `after:<path>`, `before:<path>`, `first`, `key:<session key>`. */
export const setLink: Repair = {
  id: "link",
  title: "Say where the archive belongs",
  does:
    "Keeps in the home's own folder `.session-forensics/links` what you say: which part comes before this one (`after:<path>`), " +
    "which comes after it (`before:<path>`), that none comes before it (`first`), or its session key (`key:<session key>`). " +
    "Every later scan takes it before all other evidence, as `assigned`, with who said it and when.",
  never:
    "It touches no transcript and no store; OpenClaw does not see it. It can be said otherwise later, and taken back.",
  codes: ["chain/unlinked-archive"],
  choices: async (input) => choicesOf(input),
  outline: async (input) => {
    const { target, home, choice } = input;
    const found = fragmentAt(home, target.path);
    if (found === undefined) return refused(target.path, "There is no transcript here any more.");
    const choices = choicesOf(input);
    const said = choice ?? choices.find(({ isDefault }) => isDefault)?.id ?? null;
    if (said === null) return refused(target.path, choiceReason(choices, null, SAY));
    return outlineOf(found.agent, found.fragment, said, input);
  },
};

/** Takes back what a person said. */
export const removeLink: Repair = {
  id: "unlink",
  title: "Take the link back",
  does: "Moves the link that was set by hand into the receipt's folder; the chain is then read from the other evidence again.",
  never: "It touches nothing but the link.",
  codes: [],
  outline: async ({ target, home }) => {
    const found = fragmentAt(home, target.path);
    const link = found === undefined ? undefined : linkFor(found.agent, found.fragment);
    if (link === undefined) return refused(target.path, "No link was set by hand here.");
    return { ...NOTHING, changes: [{ change: "set-aside", path: link.path, why: "The link that was set by hand." }] };
  },
};

function outlineOf(agent: AgentSnapshot, fragment: Fragment, said: string, input: RepairInput): Outline {
  const [how, argument] = splitAt(said);
  if (how === "first") return written(agent, fragment, null, null, input);
  if (how === "key" && argument !== "") return written(agent, fragment, linkedTo(agent, fragment), argument, input);
  const other = agent.reading.fragments.find((one) => one.path === argument && one.kind !== "checkpoint");
  if ((how !== "after" && how !== "before") || other === undefined || other === fragment) {
    return refused(fragment.path, `${JSON.stringify(said)} names no other transcript of the same agent.`);
  }
  return how === "after" ? written(agent, fragment, other, null, input) : written(agent, other, fragment, null, input);
}

function splitAt(said: string): readonly [string, string] {
  const colon = said.indexOf(":");
  return colon === -1 ? [said, ""] : [said.slice(0, colon), said.slice(colon + 1)];
}

/** What stands before it now, so that to give it a key does not cut the chain. */
function linkedTo({ sessions, reading }: AgentSnapshot, fragment: Fragment): Fragment | null {
  const linked = sessions.flatMap((one) => one.fragments).find((one) => one.fragment === fragment);
  const previous = linked?.link?.previous;
  return previous === undefined ? null : (reading.fragments.find((one) => one.path === previous.path) ?? null);
}

function written(
  agent: AgentSnapshot,
  fragment: Fragment,
  previous: Fragment | null,
  key: string | null,
  { now, by }: RepairInput,
): Outline {
  if (previous !== null && agent.reading.store.rows.some((row) => row.transcriptPath === previous.path)) {
    return refused(previous.path, "It is the current transcript of a session: nothing can come after it.");
  }
  const named = nameOf(fragment);
  const known = linkFor(agent, fragment);
  const text = linkText({
    agent: agent.reading.name,
    fragment: named,
    previous: previous === null ? null : nameOf(previous),
    key: key ?? known?.key ?? null,
    archiveReason: previous?.kind === "reset" || previous?.kind === "deleted" ? previous.kind : null,
    by,
    at: now,
  });
  const before = previous === null ? "nothing comes before it" : `${previous.path} comes before it`;
  const why = key === null ? `You say that ${before}.` : `You say that it belongs to ${key}.`;
  return {
    ...NOTHING,
    changes: [
      { change: "folder", path: LINKS_FOLDER, why: "Links that a person set are kept here." },
      { change: "write", path: known?.path ?? linkPath(agent.reading.name, named), text, why },
    ],
  };
}

const MOST_CHOICES = 40;

/** What the evidence allows to come before it or after it; anything else can be said as well. */
function choicesOf({ target, home }: RepairInput): Choice[] {
  const found = fragmentAt(home, target.path);
  if (found === undefined) return [];
  const { agent, fragment } = found;
  const linked = agent.sessions.flatMap(({ fragments, key }) => fragments.map((one) => ({ ...one, key })));
  const own = linked.find((one) => one.fragment === fragment);
  const byPath = new Map(agent.reading.fragments.map((one) => [one.path, one]));
  const before = (own?.alternatives ?? []).flatMap(({ path }) => byPath.get(path) ?? []);
  const after = linked.filter(({ alternatives }) => alternatives.some(({ path }) => path === fragment.path));
  return [
    ...after.map((one): Choice => ({
      id: `before:${one.fragment.path}`,
      label: `It comes before ${one.fragment.path}`,
      detail: `${one.key ?? "no known session"}, ${begun(one.fragment)}`,
      isDefault: false,
    })),
    ...before.map((one): Choice => ({
      id: `after:${one.path}`,
      label: `It comes after ${one.path}`,
      detail: begun(one),
      isDefault: false,
    })),
  ].slice(0, MOST_CHOICES);
}

const SAY =
  "Say where it belongs: after:<path> or before:<path> of another part, first, or key:<session key>; paths are those that scan shows.";

function begun({ startedAt }: Fragment): string {
  return startedAt === null ? "begun at an unknown time" : `begun ${utc(startedAt)}`;
}
