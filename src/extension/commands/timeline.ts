/** Show Timeline: of the agent of a row, a session or a file; without one the person is asked. */
import * as vscode from "vscode";

import type { SessionItem } from "../../protocol/sessions.ts";
import type { TimelineSubject } from "../timeline/timelines.ts";
import { pickAgent } from "./picks.ts";
import type { Handler, Services } from "./services.ts";
import { lensPlace, rowOf, sessionFor } from "./targets.ts";

const ofSession = ({ ref }: SessionItem): TimelineSubject => ({
  homeId: ref.homeId,
  agent: ref.agent,
  session: ref.sessionId,
});

async function subjectFor(services: Services, argument: unknown): Promise<TimelineSubject | undefined> {
  const row = rowOf(argument, services);
  if (row?.kind === "agent") return { homeId: row.agent.homeId, agent: row.agent.name, session: null };
  if (row !== undefined || argument instanceof vscode.Uri || lensPlace(argument) !== undefined) {
    const session = await sessionFor(services, argument, "Show Timeline");
    return session === undefined ? undefined : ofSession(session);
  }
  const agent = await pickAgent(services.catalogue, "Show Timeline");
  return agent === undefined ? undefined : { homeId: agent.homeId, agent: agent.name, session: null };
}

export const showTimeline =
  (services: Services): Handler =>
  async (argument) => {
    const subject = await subjectFor(services, argument);
    if (subject !== undefined) services.timelines.show(subject);
  };
