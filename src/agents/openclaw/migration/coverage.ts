/** How the transcripts that lie in files stand to the databases of their home, and which of them hold what nothing else holds. */
import { count } from "../../../model/amounts.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { type Fragment, type FragmentPlace, placeId, placeOf } from "../../../model/fragment.ts";
import type { HomeIdentity } from "../../../model/home.ts";
import type { Coverage } from "../../../model/migration.ts";
import { FileError } from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { EntryHolders } from "./entry-holders.ts";
import { heldDigests, type HeldEvents } from "./held-digest.ts";
import { heldSessions } from "./held-sessions.ts";
import { leftFiles, type ComparedAgent, type LeftFile } from "./left-files.ts";
import { countEntries, relationOf } from "./relation.ts";
import { matchFiles } from "./search.ts";
import type { TranscriptDigest } from "./transcript-digest.ts";

/** Coverage of every transcript file, by the name of its agent. Files that can't be read have none. */
export async function coverageOf(
  home: HomeIdentity,
  agents: readonly ComparedAgent[],
  events: HeldEvents,
  context: ReadingContext,
): Promise<Map<string, Coverage[]>> {
  const files: LeftFile[] = [];
  for (const agent of agents) files.push(...(await leftFiles(home, agent, context)));
  const trouble = { isUnread: agents.some(({ store }) => store.state === "damaged") };
  const read = (fragment: Fragment): Promise<TranscriptDigest[]> => digestsOf(home, fragment, events, context, trouble);
  const sessions = heldSessions(agents);
  const isSearched = await matchFiles(files, { sessions, read, events }, context);
  const doubts = [...(isSearched ? [] : [PARTLY_SEARCHED]), ...(trouble.isUnread ? [PARTLY_READ] : [])];
  const holders = fileHolders(files);
  const coverage = new Map<string, Coverage[]>(agents.map(({ name }) => [name, []]));
  files.forEach((file, index) =>
    coverage.get(file.agent)?.push(coverageOfFile(file, index, holders, sessions, doubts)),
  );
  return coverage;
}

/** What can't be read counts as holding nothing: then more is called an only copy, never less. */
async function digestsOf(
  home: HomeIdentity,
  fragment: Fragment,
  events: HeldEvents,
  context: ReadingContext,
  trouble: { isUnread: boolean },
): Promise<TranscriptDigest[]> {
  try {
    return await heldDigests(home, fragment, events, context);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    trouble.isUnread = true;
    return [];
  }
}

/** Of what no database holds, which file has it: by the file's place in the list. */
function fileHolders(files: readonly LeftFile[]): EntryHolders {
  const holders = new EntryHolders();
  files.forEach(({ digest, held }, index) => {
    digest.contents.forEach((content, at) => {
      if (held[at] === 0) holders.add(content, index);
    });
  });
  return holders;
}

function coverageOfFile(
  file: LeftFile,
  index: number,
  holders: EntryHolders,
  sessions: ReadonlyMap<string, readonly Fragment[]>,
  doubts: readonly string[],
): Coverage {
  const { digest, held, place } = file;
  const only = countEntries(digest, (content, at) => held[at] === 0 && holders.get(content) === index);
  return {
    fragment: place,
    relation: relationOf(file),
    entries: digest.contents.length,
    onlyHere: only.entries,
    messagesOnlyHere: only.messages,
    heldBy: heldBy(file, sessions),
    evidence: evidenceOf(file, only.entries, doubts),
  };
}

/** A file with nothing but a header is held by the session that the header names. */
function heldBy({ digest, hits, ids }: LeftFile, sessions: ReadonlyMap<string, readonly Fragment[]>): FragmentPlace[] {
  if (digest.contents.length === 0) {
    const own = [...ids].flatMap((id) => sessions.get(id) ?? []).find(({ window }) => window?.fromSeq === 0);
    return own === undefined ? [] : [placeOf(own)];
  }
  return [...hits]
    .toSorted(([a, most], [b, many]) => many - most || (placeId(a) < placeId(b) ? -1 : 1))
    .map(([fragment]) => placeOf(fragment));
}

/** Why the database may hold more than was found. */
const PARTLY_SEARCHED = "the database is large: for entries without an id only a part of it was searched";
const PARTLY_READ = "a part of the database could not be read: it may hold more";

function evidenceOf(
  { changed, digest, held, place }: LeftFile,
  onlyHere: number,
  doubts: readonly string[],
): Evidence[] {
  const all = digest.contents.length;
  const there = held.reduce((sum, one) => sum + one, 0);
  const texts = all === 0 ? ["it has no entries"] : [`the database holds ${there} of its ${count(all, "entry")}`];
  if (changed > 0) texts.push(`the database has other content under the ids of ${count(changed, "entry")}`);
  const elsewhere = all - there - onlyHere;
  if (elsewhere > 0) texts.push(`another file holds ${count(elsewhere, "entry")} too`);
  if (onlyHere > 0) texts.push(`nothing else in this home holds ${count(onlyHere, "entry")}`);
  if (there < all) texts.push(...doubts);
  return texts.map((text): Evidence => ({ kind: "file", text, path: place.path }));
}
