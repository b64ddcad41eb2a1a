/** `session_chain`: the fragments of a session, and what ties each to the one before. */
import * as v from "valibot";

import { evidenceText } from "../../model/evidence.ts";
import type { LinkedFragment } from "../../model/session.ts";
import { placeDocument } from "../history/places.ts";
import { historyWarnings } from "../history/warnings.ts";
import { endedByReset } from "../history/standing.ts";
import { maskSecrets } from "../present/secrets.ts";
import { isoTime } from "../present/times.ts";
import type { SessionHit } from "../query.ts";
import { bytesOf, fitting, MOST_BYTES } from "./bounded.ts";
import { homeInput, limitInput, sessionInput } from "./inputs.ts";
import { nameOf, sessionChosen } from "./session-choice.ts";
import { sourcesOf } from "./sources.ts";
import { defineTool, type ToolAnswer } from "./tool.ts";
import { quotedShort, UNTRUSTED_NOTE } from "./untrusted.ts";

const MOST_EVIDENCE = 8;

const input = v.strictObject({
  session: sessionInput,
  home: homeInput,
  limit: limitInput(30, 200, "Fragments, the newest"),
});

function linkAnswer({ alternatives, link, open }: LinkedFragment): ToolAnswer {
  if (link === null) return { previous: null, ...(open === null ? {} : { open }) };
  return {
    previous: {
      ...placeDocument(link.previous),
      certainty: link.certainty,
      evidence: link.evidence.slice(0, MOST_EVIDENCE).map((one) => quotedShort(evidenceText(one), 400)),
    },
    ...(alternatives.length === 0 ? {} : { alternatives: alternatives.slice(0, MOST_EVIDENCE).map(placeDocument) }),
  };
}

function fragmentAnswer({ session }: SessionHit, linked: LinkedFragment, index: number): ToolAnswer {
  const { archivedAt, bytes, endedAt, firstUserText, kind, sessionId, startedAt } = linked.fragment;
  return {
    number: index + 1,
    ...placeDocument(linked.fragment),
    kind,
    sessionId,
    startedAt: isoTime(startedAt),
    endedAt: isoTime(endedAt),
    archivedAt: isoTime(archivedAt),
    endedByReset: endedByReset(session, linked.fragment),
    bytes,
    ...(firstUserText === null ? {} : { quoted: quotedShort(firstUserText, 160) }),
    ...linkAnswer(linked),
  };
}

export const sessionChain = defineTool({
  name: "session_chain",
  title: "Chain of a Session",
  description: `Shows which transcript files (fragments) make up one session, oldest first, how each ended, and for each the evidence that it continues the one before, with a certainty: recorded (the agent wrote it down), derived (follows from ids or exact times), assigned (a person said so), inferred (best match; alternatives are listed). Use it to judge how sure it is that earlier messages belong to this session. Read-only.`,
  input,
  async answer(host, given) {
    const hit = sessionChosen(await host.snapshot(), given);
    const { agent, session } = hit;
    const all = session.fragments.map((linked, index) => fragmentAnswer(hit, linked, index));
    const head = {
      note: UNTRUSTED_NOTE,
      ...nameOf(hit),
      sessionKey: session.key,
      keyCertainty: session.keyCertainty,
      keyEvidence: session.keyEvidence.slice(0, MOST_EVIDENCE).map((one) => quotedShort(evidenceText(one), 400)),
      agent: agent.reading.name,
      state: session.state,
      warnings: historyWarnings(hit, { unread: [], unreadForExecs: [] }, host.now()).map(maskSecrets),
    };
    const fragments = fitting(all.slice(-given.limit).toReversed(), MOST_BYTES - bytesOf(head)).toReversed();
    return {
      ...head,
      totalFragments: all.length,
      fragments,
      truncated: fragments.length < all.length,
      checkpoints: session.checkpoints.length,
      sources: sourcesOf(
        hit,
        session.fragments.map(({ fragment }) => fragment),
      ),
    };
  },
});
