/** `session_execs`: background commands of a session, where each was started, and where its end was told. */
import * as v from "valibot";

import { evidenceText } from "../../model/evidence.ts";
import type { ExecNotice, ExecPlace, ExecRecord } from "../../model/exec.ts";
import { placeLabel } from "../present/places.ts";
import { isoTime } from "../present/times.ts";
import { bytesOf, fitting, MOST_BYTES } from "./bounded.ts";
import { homeInput, limitInput, sessionInput } from "./inputs.ts";
import { nameOf, sessionChosen } from "./session-choice.ts";
import { sourcesOf } from "./sources.ts";
import { defineTool, type ToolAnswer } from "./tool.ts";
import { quotedShort, UNTRUSTED_NOTE } from "./untrusted.ts";

const MOST_EVIDENCE = 6;

const input = v.strictObject({
  session: sessionInput,
  home: homeInput,
  limit: limitInput(20, 100, "How many background commands, the newest"),
});

const placeAnswer = ({ at, entryId, fragment, line }: ExecPlace): ToolAnswer => ({
  entryId,
  fragment: placeLabel(fragment),
  line,
  at: isoTime(at),
});

const evidenceOf = (evidence: ExecNotice["origin"] | NonNullable<ExecRecord["delivery"]>): string[] =>
  (evidence?.evidence ?? []).slice(0, MOST_EVIDENCE).map((one) => quotedShort(evidenceText(one), 400));

function endAnswer(exec: ExecRecord): ToolAnswer {
  const { delivery, ended, undelivered } = exec;
  if (delivery !== null) {
    const { certainty, exitCode, outcome, output, place, signal } = delivery;
    return {
      delivery: { ...placeAnswer(place), outcome, exitCode, signal, certainty, evidence: evidenceOf(delivery) },
      ...(output === null ? {} : { quoted: quotedShort(output, 400) }),
    };
  }
  const polled =
    ended === null
      ? {}
      : {
          seenByThePollIn: { ...placeAnswer(ended.place), outcome: ended.outcome, exitCode: ended.exitCode },
        };
  return { delivery: null, ...polled, ...(undelivered === null ? {} : { undelivered: undelivered.text }) };
}

function execAnswer(exec: ExecRecord): ToolAnswer {
  const { command, pid, slug, start, startedAt } = exec;
  return {
    slug,
    pid,
    command: command === null ? null : quotedShort(command, 400),
    startedAt: isoTime(startedAt),
    start: placeAnswer(start),
    ...endAnswer(exec),
  };
}

/** A completion that nothing here is known to have started. */
function strayAnswer({ exitCode, open, outcome, place, slug }: ExecNotice): ToolAnswer {
  return { slug, outcome, exitCode, ...placeAnswer(place), originUnknown: open };
}

export const sessionExecs = defineTool({
  name: "session_execs",
  title: "Background Commands of a Session",
  description: `Tells for each background command (exec) of an agent session where it was started and where its completion was told, also when a reset lies between the two, with a certainty and the evidence, or that no completion was ever told. Use it when an "Exec completed" notice appears that you do not remember starting, or to find out what became of a command. Read-only.`,
  input,
  async answer(host, given) {
    const hit = sessionChosen(await host.snapshot(), given);
    const { agent, home, session } = hit;
    const { execs, notices, unread } = await host.execs(home.home.path, agent.reading.name, session.id);
    const strays = notices.filter(({ origin }) => origin === null).slice(-given.limit);
    const head = {
      note: UNTRUSTED_NOTE,
      ...nameOf(hit),
      sessionKey: session.key,
      total: execs.length,
      completionsOfUnknownOrigin: fitting(strays.map(strayAnswer), MOST_BYTES / 4),
      unread: unread.slice(0, 20).map(placeLabel),
    };
    const newestFirst = execs.slice(-given.limit).toReversed().map(execAnswer);
    const shown = fitting(newestFirst, MOST_BYTES - bytesOf(head));
    return {
      ...head,
      execs: shown,
      truncated: shown.length < execs.length,
      sources: sourcesOf(
        hit,
        session.fragments.map(({ fragment }) => fragment),
      ),
    };
  },
});
