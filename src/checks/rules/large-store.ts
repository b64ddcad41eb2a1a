/** store/large: a store that makes every listing slow. */
import { count, size } from "../../model/amounts.ts";
import { fileAgents } from "../facts.ts";
import type { Draft, Rule } from "../rule.ts";

/** Users reported listings of 4 to 12 s from 12.7 MB on. */
const LARGE_BYTES = 10_000_000;

export const largeStore: Rule = ({ home }) =>
  fileAgents(home).flatMap(({ reading: { name, store } }): Draft[] => {
    if (store.bytes <= LARGE_BYTES || store.state !== "ok") return [];
    return [
      {
        code: "store/large",
        path: store.path,
        message:
          `The store of agent ${name} has ${size(store.bytes)} for ${count(store.rows.length, "row")}: every client waits for it ` +
          "whenever it lists sessions, and OpenClaw writes it whole after every turn. Nothing is lost.",
        evidence: [
          { kind: "file", text: `${store.bytes} bytes, ${count(store.rows.length, "row")}`, path: store.path },
        ],
        agent: name,
      },
    ];
  });
