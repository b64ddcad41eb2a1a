/** The messages of a chain as one readable text, oldest fragment first, each leading to its raw line. */
import type { ExecProvenance } from "../../../model/exec.ts";
import { placeId } from "../../../model/fragment.ts";
import { type ExecIndex, execIndex } from "../../exec-index.ts";
import type { ChainEntry, UnreadFragment } from "../../reading/chain-reader.ts";
import { lockOfSession } from "../../lookup.ts";
import type { ChainSubject } from "../chain-text.ts";
import { programName, roleName } from "../homes.ts";
import { fileSpan, line, span } from "../lines.ts";
import { sessionLabel, sessionSummary } from "../sessions.ts";
import { boundaryLines, boundaryTitle, closingTitle, fragmentName, unfinishedTurn } from "./boundary.ts";
import { type ConversationLayout, LayoutWriter } from "./layout.ts";
import { writePassage } from "./message.ts";
import type { View } from "./parts.ts";
import { isShown, passagesOf } from "./turns.ts";

export interface ConversationContents {
  readonly subject: ChainSubject;
  /** Oldest first: entries of fragments that follow each other. */
  readonly entries: readonly ChainEntry[];
  readonly unread: readonly UnreadFragment[];
  /** Whether the chain has entries before these. */
  readonly hasOlder: boolean;
  /** Index of the last fragment to be shown. */
  readonly upTo: number;
  /** Null where it could not be found out, or is not known yet. */
  readonly provenance: ExecProvenance | null;
  /** Background commands are not traced: the chain is too large for it. */
  readonly untraced?: boolean;
  /** Takes secrets out of a text. */
  readonly mask: (text: string) => string;
}

/** A conversation laid out: what secrets were met is told by `mask`, which the caller gave. */
export function conversationLayout(contents: ConversationContents): ConversationLayout {
  return new Conversation(contents).layout();
}

class Conversation {
  readonly #contents: ConversationContents;
  readonly #writer = new LayoutWriter();
  /** Index of the first fragment that is shown. */
  readonly #first: number;
  readonly #execs: ExecIndex;
  readonly #view: View;

  constructor(contents: ConversationContents) {
    const { fragments } = contents.subject.session;
    const numbers = new Map(fragments.map(({ fragment }, index) => [placeId(fragment), index + 1]));
    this.#contents = contents;
    this.#first = firstShown(contents);
    this.#execs = execIndex(contents.provenance ?? { execs: [], notices: [] });
    this.#view = {
      mask: contents.mask,
      numberOf: (place) => numbers.get(placeId(place)),
      nameOf: ({ fragment, line: number }) => `${numbers.get(placeId(fragment)) ?? ""}:${number}`,
    };
  }

  layout(): ConversationLayout {
    const { entries, subject, upTo } = this.#contents;
    const { fragments } = subject.session;
    const unread = new Map(this.#contents.unread.map(({ fragment, reason }) => [fragment, reason]));
    const byFragment = Map.groupBy(entries, ({ fragment }) => fragment);
    this.#head();
    for (let index = this.#first; index <= upTo; index += 1) {
      const linked = fragments[index]!;
      this.#fragment(index, byFragment.get(linked) ?? [], unread.get(linked));
    }
    const closing = upTo < 0 ? null : closingTitle(subject, upTo);
    if (closing !== null) {
      this.#writer.gap();
      this.#writer.add(closing, "boundary");
    }
    return this.#writer.layout();
  }

  #head(): void {
    const { hasOlder, subject } = this.#contents;
    const { agent, home, session } = subject;
    const writer = this.#writer;
    const { mask } = this.#view;
    // A title is a person's words: they don't stand at the margin by themselves.
    writer.add([span("Session "), span(mask(sessionLabel(session, agent.reading.name)), "strong")], "title");
    if (session.key !== null && session.title !== "") writer.add(line(`  ${mask(session.title)}`));
    writer.add(line(sessionSummary(session, lockOfSession(home, session))));
    writer.add([
      span(`${session.key ?? "No session key is known"}, agent ${agent.reading.name} of `),
      fileSpan(home.home.path, { path: home.home.path }),
      span(` (${programName(home.home)}, ${roleName(home.home.role)})`),
    ]);
    if (this.#contents.untraced === true)
      writer.add(line("Background commands are not traced: the transcripts are too large for it.", "dim"));
    if (hasOlder) writer.add(line(`Older messages are not loaded${beforeWords(this.#first)}.`, "dim"));
    writer.gap();
  }

  #fragment(index: number, entries: readonly ChainEntry[], unread: string | undefined): void {
    const { hasOlder, subject, upTo } = this.#contents;
    const writer = this.#writer;
    const linked = subject.session.fragments[index]!;
    const isWhole = index > this.#first || !hasOlder || isFirst(entries[0]);
    writer.gap();
    writer.outline(
      { name: fragmentName(subject, index), detail: linked.fragment.sessionId ?? "", kind: "fragment" },
      () =>
        writer.fold(null, () => {
          writer.add(boundaryTitle(subject, index, isWhole), "boundary");
          writer.addAll(boundaryLines(subject, index));
          if (unread !== undefined) this.#trouble(`This fragment can't be read: ${unread}`);
          const passages = passagesOf(entries.filter(({ entry }) => isShown(entry)));
          if (passages.length === 0 && unread === undefined) writer.addAll([[], line("  No messages.", "dim")]);
          passages.forEach((passage, at) => {
            const isLast = index === upTo && at === passages.length - 1;
            writePassage(writer, passage, { execs: this.#execs, view: this.#view, isLast });
          });
          const unfinished = unfinishedTurn(subject.session, linked.fragment);
          if (unfinished !== null) this.#trouble(unfinished);
        }),
    );
  }

  #trouble(text: string): void {
    this.#writer.gap();
    this.#writer.outline({ name: text, detail: "", kind: "trouble" }, () =>
      this.#writer.add(line(`✗ ${text}`, "bad"), "trouble"),
    );
  }
}

const beforeWords = (fragments: number): string =>
  fragments === 0 ? "" : `: ${fragments === 1 ? "1 fragment" : `${fragments} fragments`} before this one`;

/** Fragments before the oldest entry are not loaded, unless there is nothing to be shown in them. */
function firstShown({ entries, hasOlder, subject }: ConversationContents): number {
  const oldest = entries[0]?.fragment;
  return hasOlder && oldest !== undefined ? subject.session.fragments.indexOf(oldest) : 0;
}

/** Whether nothing of its fragment comes before it. */
const isFirst = (one: ChainEntry | undefined): boolean =>
  one === undefined || one.entry.kind === "header" || one.seq === (one.fragment.fragment.window?.fromSeq ?? 0);
