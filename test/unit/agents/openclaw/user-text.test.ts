import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { oneLine, unwrapUserText } from "../../../../src/agents/openclaw/user-text.ts";

function block(label: string, fields: object): string {
  return `${label}:\n\`\`\`json\n${JSON.stringify(fields, null, 2)}\n\`\`\`\n\n`;
}

describe("a user text without its wrappers", () => {
  const conversation = block("Conversation info (untrusted metadata)", { message_id: "9", chat_id: "-100" });
  const sender = block("Sender (untrusted metadata)", { label: "Ann", id: "77", name: "Ann" });
  const cases: [name: string, raw: string, text: string][] = [
    ["is itself", "hello", "hello"],
    ["stands behind a stamp", "[Sat 2026-11-21 00:48 UTC] hello", "hello"],
    ["stands behind several blocks", `${conversation}${sender}[Sat 2026-11-21 00:48 UTC] hello`, "hello"],
    ["stands behind system lines and blocks", `System: [x] one\nSystem: two\n\n${sender}hello`, "hello"],
    ["stands behind system lines between the blocks", `${conversation}System: one\n\n${sender}hello`, "hello"],
    ["stands behind a channel's envelope", "[Telegram Ann (@ann) id:77 +2m 2026-01-02 10:00 UTC] hello", "hello"],
    ["is a subagent's task", "[Subagent Context] You run as one.\n\n[Subagent Task]: find it", "find it"],
    ["has no message ids", "hello\n[message_id: 12]", "hello"],
    ["is on one line", " a\n\n  b\tc ", "a b c"],
    ["keeps brackets that are no stamp", "[todo] buy milk", "[todo] buy milk"],
    ["keeps what only looks like a block", "Sender (untrusted metadata): hello", "Sender (untrusted metadata): hello"],
    ["is nothing when a block is cut", conversation.slice(0, 60), ""],
    ["is nothing when there is nothing", "", ""],
  ];
  for (const [name, raw, text] of cases) it(name, () => assert.equal(unwrapUserText(raw).text, text));

  it("tells the peer of the first block that names one", () => {
    assert.equal(unwrapUserText(`${conversation}${sender}hi`).peer, "-100");
    assert.equal(
      unwrapUserText(`${block("Sender (untrusted metadata)", { id: "openclaw-control-ui" })}${sender}hi`).peer,
      "77",
    );
    assert.equal(unwrapUserText("Sender (untrusted metadata):\n```json\n{broken\n```\n\nhi").peer, null);
  });
});

describe("a title", () => {
  it("is cut at 200 characters, never inside one", () => {
    assert.equal(oneLine("x".repeat(200)).length, 200);
    const cut = oneLine("x".repeat(198) + "😀".repeat(20));
    assert.equal(cut, `${"x".repeat(198)}…`);
    assert.ok(cut.isWellFormed());
  });
});
