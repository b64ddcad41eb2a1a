/** Brings what exists only in a shadow store into the canonical one, and, if asked, makes of the two one for good. */
import { dirname, relative } from "node:path";

import type { HomeSnapshot } from "../../model/snapshot.ts";
import { type Change, type Outline, refused } from "../outline.ts";
import { chosen, type Choice, type Repair, type RepairInput } from "../repair.ts";
import { importedAgent, SIDE_BY_SIDE } from "../shadow-import.ts";

const ONLY_THERE = "only-there";

/** A shadow is written through its canonical home, inside which it lies. */
const writes = (home: HomeSnapshot): string => home.home.canonicalPath ?? home.home.path;

const CODES = ["store/shadow", "store/shadow-diverged"];

const isCompared = ({ home, comparison }: HomeSnapshot): boolean =>
  home.canonicalPath !== undefined && comparison !== undefined;

const CHOICES: readonly Choice[] = [
  {
    id: ONLY_THERE,
    label: "Copy what exists only in the shadow",
    detail: "what differs on the two sides is named, and stays where it is",
    isDefault: true,
  },
  {
    id: SIDE_BY_SIDE,
    label: "Also copy what differs, as sessions of their own",
    detail: "each beside the canonical one, under a key that says where it came from",
    isDefault: false,
  },
];

export const importShadow: Repair = {
  id: "import-shadow",
  title: "Copy the shadow's sessions into the canonical store",
  does:
    "Copies every transcript and archive that exists only in the shadow store into the canonical one, with its row: under its " +
    "own key where that is free, else under `agent:<agent>:recovered:<session id>`. With the choice `side-by-side` also those " +
    "that went different ways, as sessions of their own.",
  never: "It never merges two conversations, never writes over a transcript or row, and changes nothing in the shadow.",
  codes: CODES,
  appliesTo: (_finding, home) => isCompared(home),
  choices: async () => CHOICES,
  outline: async (input) => {
    const choice = chosen(CHOICES, input.choice);
    if (choice === null) return refused(input.target.path, `There is no choice "${input.choice}".`);
    return imported(input, choice.id === SIDE_BY_SIDE);
  },
  writes,
};

export const linkShadow: Repair = {
  id: "link-shadow",
  title: "Make the shadow use the canonical sessions for good",
  does:
    "First copies into the canonical store whatever is only in the shadow, what differs as sessions of their own. Then sets the " +
    "shadow's sessions folder aside as a whole and puts a symbolic link to the canonical one in its place, so that the two " +
    "can't part again.",
  never: "It throws nothing of the shadow away: its whole sessions folder is kept in the receipt.",
  codes: CODES,
  appliesTo: (_finding, home) => isCompared(home) && isInside(home),
  outline: async (input) => {
    const { home } = input;
    const canonical = canonicalOf(input);
    if (canonical === undefined || !isInside(home))
      return refused(".", "The shadow does not lie inside its canonical home.");
    const blocked = home.locks.find(({ verdict, of }) => verdict !== "stale" && of !== "gateway");
    if (blocked !== undefined)
      return refused(blocked.path, `Somebody may be at work in the shadow: ${blocked.explanation}`);
    const outline = await imported(input, true);
    if (outline.conflicts.length > 0) return outline;
    return {
      ...outline,
      changes: [...outline.changes, ...links(home, canonical)],
      gates: [...outline.gates, ...quiet(input)],
    };
  },
  writes,
};

function canonicalOf({ home, others }: RepairInput): HomeSnapshot | undefined {
  return others.find((other) => other.home.path === home.home.canonicalPath);
}

function isInside({ home }: HomeSnapshot): boolean {
  return home.canonicalPath !== undefined && home.path.startsWith(`${home.canonicalPath}/`);
}

async function imported(input: RepairInput, withDiverged: boolean): Promise<Outline> {
  const canonical = canonicalOf(input);
  if (canonical === undefined) return refused(".", "The canonical home could not be read.");
  const outlines: Outline[] = [];
  for (const agent of input.home.agents) {
    if (agent.reading.sessionsLinkTarget === null)
      outlines.push(await importedAgent(agent, canonical, withDiverged, input));
  }
  return {
    changes: outlines.flatMap(({ changes }) => changes),
    gates: outlines.flatMap(({ gates }) => gates),
    locks: outlines.flatMap(({ locks }) => locks),
    conflicts: outlines.flatMap(({ conflicts }) => conflicts),
    notes: outlines.flatMap(({ notes }) => notes),
  };
}

/** Paths of the shadow as seen from the canonical home. */
function within({ home }: HomeSnapshot, path: string): string {
  return `${home.path.slice((home.canonicalPath ?? "").length + 1)}/${path}`;
}

function links(home: HomeSnapshot, canonical: HomeSnapshot): Change[] {
  return home.agents.flatMap(({ reading }): Change[] => {
    if (reading.sessionsLinkTarget !== null) return [];
    const own = canonical.agents.find((one) => one.reading.name === reading.name);
    const target = own?.reading.sessionsPath ?? reading.sessionsPath;
    const path = within(home, reading.sessionsPath);
    const why = `Programs that use the shadow then use the sessions of agent ${reading.name} in the canonical home.`;
    return [
      { change: "folder", path: target, why: "The canonical home has no sessions of this agent yet." },
      { change: "link", path, target: relative(dirname(path), target), why },
    ];
  });
}

function quiet({ home, quietMs }: RepairInput): Outline["gates"] {
  return home.agents.flatMap(({ reading: { store } }) => {
    const path = within(home, store.path);
    const why = "A shadow store that was just written to is in use.";
    return store.state === "missing" ? [] : [{ gate: "quiet", path, quietMs, why } as const];
  });
}
