// A model of our own on loopback: answers OpenAI's chat completions, streamed, and keeps what it was asked. No chance, no clock.
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** What a turn sent: roles and texts, oldest first. */
export interface Asked {
  readonly role: string;
  readonly text: string;
}

export interface StandInModel {
  readonly url: string;
  /** Every request so far, each as the messages it held. */
  readonly requests: readonly (readonly Asked[])[];
  /** Resolves once there are more requests than this. */
  readonly askedMoreThan: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface WireMessage {
  readonly role: string;
  readonly content: string | readonly { readonly text?: string }[] | null;
}

/** What a test writes at the end of a message to have the answer kept back for so long. */
export const waiting = (ms: number): string => `[[wait:${ms}]]`;

/** What a test writes at the end of a message to have it never answered. */
export const HANGING = "[[hang]]";

function textOf({ content }: WireMessage): string {
  if (content === null) return "";
  return typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
}

/** The answer tells how much the model was shown, so that a transcript that was not continued is told by its own words. */
function answerTo(asked: readonly Asked[]): string {
  const users = asked.filter(({ role }) => role === "user").length;
  return `I was shown ${users} ${users === 1 ? "message" : "messages"} of the user.`;
}

function stream(response: ServerResponse, content: string): void {
  const send = (choices: unknown[], more: object = {}): boolean =>
    response.write(
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "det-1", choices, ...more })}\n\n`,
    );
  response.writeHead(200, { "content-type": "text/event-stream" });
  send([{ index: 0, delta: { role: "assistant", content }, finish_reason: null }]);
  send([{ index: 0, delta: {}, finish_reason: "stop" }]);
  send([], { usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } });
  response.end("data: [DONE]\n\n");
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  requests: Asked[][],
  came: EventEmitter,
): Promise<void> {
  const body = JSON.parse(await text(request)) as { readonly messages: readonly WireMessage[] };
  const asked = body.messages.map((one) => ({ role: one.role, text: textOf(one) }));
  requests.push(asked);
  came.emit("request");
  const last = asked.findLast(({ role }) => role === "user")?.text ?? "";
  if (last.endsWith(HANGING)) return;
  const wait = /\[\[wait:(\d+)\]\]$/.exec(last)?.[1];
  if (wait !== undefined) await sleep(Number(wait));
  stream(response, answerTo(asked));
}

export async function startModel(): Promise<StandInModel> {
  const requests: Asked[][] = [];
  const came = new EventEmitter();
  const server = createServer((request, response) => {
    // A client that gave up is no trouble of the model.
    answer(request, response, requests, came).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    askedMoreThan: async (count) => {
      while (requests.length <= count) await once(came, "request");
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
