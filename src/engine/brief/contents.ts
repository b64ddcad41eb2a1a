/** The sections of a brief: what each says of the material. */
import { count, size } from "../../model/amounts.ts";
import { queryFor, historyCommand } from "../history/naming.ts";
import { standingOf } from "../history/standing.ts";
import { lockOfSession } from "../lookup.ts";
import { programName, roleName } from "../present/homes.ts";
import { escaped, shortened } from "../present/names.ts";
import { placeLabel } from "../present/places.ts";
import { maskSecrets } from "../present/secrets.ts";
import { kindName, sessionStanding } from "../present/sessions.ts";
import { ownCommand } from "../present/shell.ts";
import { momentRange } from "../present/times.ts";
import { execItems } from "./exec-items.ts";
import { filesTouched } from "./files-touched.ts";
import { codeSpan, safeLines } from "./markdown.ts";
import type { SessionHit } from "../query.ts";
import type { Material } from "./material.ts";
import { lastOfFragments, openCalls, unfinished } from "./open-work.ts";
import { fragmentName, stamp } from "./places.ts";
import { isRequest, type PlacedEntry } from "./recent.ts";
import type { Item, Section } from "./sections.ts";

const MOST_REQUESTS = 8;
const MOST_CALLS = 8;
const MOST_FILES = 30;
const MOST_ERRORS = 5;
/** Errors further back than this many entries were got over. */
const ENTRIES_AT_THE_END = 60;
const MOST_PLACES = 6;
const MOST_CANDIDATES = 3;
const LONGEST_WARNING = 300;
/** Of a tool call's arguments. */
const LONGEST_ARGUMENTS = 240;
/** Of a tool's name, or of several together. */
const LONGEST_NAME = 80;

const masked = (text: string): string => safeLines(maskSecrets(text));

const quotation = ({ session }: SessionHit, place: PlacedEntry): Item => ({
  head: `- ${stamp(session, place)}:`,
  quoted: masked(place.entry.text),
});

function standingSection({ hit }: Material): Section {
  const { agent, home, session } = hit;
  const { continuationOf, current, mayContinue, previous } = standingOf(session);
  const state = sessionStanding(session, lockOfSession(home, session));
  const continues =
    continuationOf === null
      ? "- Nothing is known to come before it."
      : `- It continues ${fragmentName(session, continuationOf.previous)} (${continuationOf.certainty}).`;
  const goesOn =
    current === null
      ? "- What goes on has written no transcript yet."
      : `- The newest is ${fragmentName(session, current.fragment)}, ${kindName(current.fragment.kind)}, ${momentRange(current.fragment.startedAt, current.fragment.endedAt)}.`;
  const items = [
    `- Session ${codeSpan(session.key ?? queryFor(hit))} of agent ${codeSpan(agent.reading.name)}, ${programName(home.home)}, ${roleName(home.home.role)} ${codeSpan(home.home.path)}: ${state}.`,
    goesOn,
    continues,
    ...mayContinue
      .slice(0, MOST_CANDIDATES)
      .map((one) => `- It may also go on from ${codeSpan(placeLabel(one))}: nothing decides that.`),
    `- ${count(previous.length, "earlier fragment")} of the same session ${previous.length === 1 ? "is" : "are"} archived and readable.`,
  ];
  return section(
    "Where it stands",
    items.map((head) => ({ head })),
    { share: 0.12, rank: 0 },
  );
}

function section(
  title: string,
  items: readonly Item[],
  { keep = "first", rank, share }: Pick<Section, "rank" | "share"> & { readonly keep?: Section["keep"] },
): Section {
  return { title, items, keep, rank, share };
}

function beginningSection({ entries, first, hit }: Material): Section {
  const summary = entries.findLast(({ entry }) => entry.kind === "compaction" && entry.text !== "");
  const items = [
    ...(first === null
      ? []
      : [{ ...quotation(hit, first), head: `- The first request, ${stamp(hit.session, first)}:` }]),
    ...(summary === undefined
      ? []
      : [
          {
            ...quotation(hit, summary),
            head: `- The agent's own summary when its context was compacted, ${stamp(hit.session, summary)}:`,
          },
        ]),
  ];
  return section("What was being done", items, { share: 0.2, rank: 3 });
}

function requestsSection({ entries, first, hit }: Material): Section {
  const requests = entries.filter(isRequest).slice(-MOST_REQUESTS);
  const isFirst = (one: PlacedEntry): boolean =>
    first !== null && one.line === first.line && one.fragment === first.fragment;
  const later = requests.filter((one) => !isFirst(one));
  return section(
    "Last requests of the user, in their words",
    later.map((one) => quotation(hit, one)),
    {
      keep: "last",
      share: 0.26,
      rank: 3,
    },
  );
}

const isAnswer = ({ entry }: PlacedEntry): boolean =>
  entry.role === "assistant" && entry.author === "model" && entry.text.trim() !== "";

function answerSection({ entries, hit }: Material): Section {
  const last = entries.findLast(isAnswer);
  // After a reset the last answer greets the user; what was worked on stands in the fragment before.
  const before = entries.findLast((one) => isAnswer(one) && one.fragment !== last?.fragment);
  const answers = [before, last].filter((one) => one !== undefined);
  return section(
    "Last answers",
    answers.map((one) => quotation(hit, one)),
    { keep: "last", share: 0.12, rank: 5 },
  );
}

function openSection({ entries, hit }: Material): Section {
  const turns = lastOfFragments(entries)
    .slice(-2)
    .flatMap((last) => {
      const how = unfinished(last);
      return how === null ? [] : [{ head: `- Unfinished turn: ${how} (${stamp(hit.session, last)}).` }];
    });
  const calls = openCalls(entries)
    .slice(-MOST_CALLS)
    .map(({ call, place }) => {
      const given = shortened(maskSecrets(JSON.stringify(call.arguments) ?? ""), LONGEST_ARGUMENTS);
      const name = shortened(call.name, LONGEST_NAME);
      return { head: `- No result: ${codeSpan(name)} ${codeSpan(given)}, called ${stamp(hit.session, place)}.` };
    });
  return section("Open work", [...turns, ...calls], { keep: "last", share: 0.1, rank: 2 });
}

function execSection({ execs, hit }: Material): Section {
  const items = execItems(execs, hit.session).map(({ head, quoted }) => ({
    head: maskSecrets(head),
    ...(quoted === undefined ? {} : { quoted: masked(quoted) }),
  }));
  return section("Background commands and their fate", items, { share: 0.12, rank: 1 });
}

function filesSection({ entries }: Material): Section {
  const files = filesTouched(entries.map(({ entry }) => entry)).slice(0, MOST_FILES);
  const items = files.map(({ by, path }) => ({
    head: `- ${codeSpan(maskSecrets(path))} (${escaped(shortened(by.join(", "), LONGEST_NAME))})`,
  }));
  return section("Files touched, the last first", items, { share: 0.05, rank: 6 });
}

function errorsSection({ entries, hit }: Material): Section {
  const failed = entries
    .slice(-ENTRIES_AT_THE_END)
    .filter(({ entry }) => entry.error !== null || entry.toolResult?.isError === true)
    .slice(-MOST_ERRORS);
  const items = failed.map((place) => ({
    head: `- ${stamp(hit.session, place)}:`,
    quoted: masked(place.entry.error ?? place.entry.text),
  }));
  return section("Errors near the end", items, { keep: "last", share: 0.05, rank: 5 });
}

function placesSection({ hit }: Material): Section {
  const { home, session } = hit;
  const newest = session.fragments.slice(-MOST_PLACES).toReversed();
  const older = session.fragments.length - newest.length;
  const places = newest.map(({ fragment }, index) => {
    const facts = `${kindName(fragment.kind)}, ${size(fragment.bytes)}, ${momentRange(fragment.startedAt, fragment.endedAt)}`;
    return { head: `- Fragment ${session.fragments.length - index}: ${codeSpan(placeLabel(fragment))}, ${facts}` };
  });
  const items = [
    { head: `- All messages, newest page first: ${codeSpan(historyCommand(hit, null))}` },
    {
      head: `- What ties the fragments together: ${codeSpan(ownCommand("chain", queryFor(hit), "--home", home.home.path))}`,
    },
    {
      head: `- With the tools of Session Forensics: ${codeSpan(`session_history {"session": ${JSON.stringify(queryFor(hit))}}`)}`,
    },
    { head: `- The files, the newest first, in ${codeSpan(home.home.path)}:` },
    ...places,
    ...(older === 0 ? [] : [{ head: `- ${count(older, "older fragment")} before them` }]),
  ];
  return section("Where the full text lies", items, { share: 0.14, rank: 4 });
}

/** The warning with the fragments of the chain by their numbers: their paths stand in the list before it. */
function briefWarning({ session }: SessionHit, warning: string): string {
  const named = session.fragments.reduce(
    (text, { fragment }) => text.replaceAll(placeLabel(fragment), fragmentName(session, fragment)),
    warning,
  );
  return shortened(escaped(maskSecrets(named)), LONGEST_WARNING);
}

function doubtSection({ entries, hit, isWhole, warnings }: Material): Section {
  const read = `Only the newest ${count(entries.length, "message")} and the first request were read for this brief.`;
  const all = [...(isWhole ? [] : [read]), ...warnings.map((one) => briefWarning(hit, one))];
  const items = all.map((one) => ({ head: `- ${one}` }));
  return section("What is uncertain", items, { share: 0.06, rank: 5 });
}

/** All sections, in the order in which they are read. */
export const sectionsOf = (material: Material): Section[] => [
  standingSection(material),
  beginningSection(material),
  requestsSection(material),
  answerSection(material),
  openSection(material),
  execSection(material),
  filesSection(material),
  errorsSection(material),
  placesSection(material),
  doubtSection(material),
];
