// What is said of a run: what it did, what it set aside, how to take it back.
import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { plainText } from "../../../src/engine/present/lines.ts";
import {
  commandFor,
  cutOffLine,
  journalLines,
  receiptLines,
  refusalLines,
  resultLines,
} from "../../../src/engine/present/receipt-text.ts";
import type { Receipt } from "../../../src/model/receipt.ts";
import { aCutOff, aPlan, aReceipt } from "../../support/receipts.ts";

const text = (receipt: Receipt): string => plainText([...receiptLines(receipt)]);
const HOME = "/home/ann/.openclaw";

suite("a receipt", () => {
  test("says what was done, where the old thing lies, and the command that takes it back", () => {
    const receipt = aReceipt();
    assert.equal(
      text(receipt),
      [
        "Done.",
        `  moved aside ${HOME}/agents/main/sessions/one.jsonl.lock`,
        `    it lies here now: ${HOME}/.session-forensics/receipts/r/aside/0-one.jsonl.lock`,
        `Receipt ${receipt.id}`,
        `To take it back: session-forensics undo ${receipt.id} --home ${HOME}`,
      ].join("\n"),
    );
  });

  test("that is undone names what undid it, and offers no undo", () => {
    const undone = text(aReceipt({ undo: { state: "undone", by: "another" } }));
    assert.match(undone, /^Undone by another$/m);
    assert.doesNotMatch(undone, /To take it back/);
  });

  test("of a run that was taken back says why, and names nothing that was set aside", () => {
    const [step] = aReceipt().steps;
    assert.ok(step);
    const lines = text(
      aReceipt({
        outcome: "rolled-back",
        reason: "The disk is full.",
        steps: [{ ...step, state: "taken-back" }],
        undo: { state: "nothing-to-undo" },
      }),
    );
    assert.match(lines, /^Taken back: everything is as it was\.\nThe disk is full\.\n/);
    assert.match(lines, /one\.jsonl\.lock \(taken back\)$/m);
    assert.doesNotMatch(lines, /it lies here now|To take it back/);
  });

  test("names both ends of a rename, and what could not be taken back", () => {
    const rename = {
      do: "rename",
      path: "a",
      to: "b",
      before: { is: "file", bytes: 1, sha256: "" },
      after: { is: "absent" },
      toBefore: { is: "absent" },
      why: "",
    } as const;
    const steps = [{ step: 0, state: "kept", at: 0, aside: null, displaced: { is: "absent" } }] as const;
    const lines = text(aReceipt({ plan: aPlan({ steps: [rename] }), steps, outcome: "partial" }));
    assert.match(
      lines,
      /^ {2}renamed \/home\/ann\/\.openclaw\/a to \/home\/ann\/\.openclaw\/b \(could not be taken back\)$/m,
    );
  });

  test("prints no control characters of a foreign name", () => {
    const plan = aPlan({ title: "\u001b[31mred" });
    assert.ok(!plainText([cutOffLine(aCutOff({ plan }))]).includes("\u001b"));
  });
});

test("a command names its home so that a shell reads it as one word", () => {
  assert.equal(commandFor("repair --settle", HOME), `session-forensics repair --settle --home ${HOME}`);
  assert.equal(commandFor("undo r", "/a b/it's"), "session-forensics undo r --home '/a b/it'\\''s'");
});

test("refusals say first that nothing was written, then each reason", () => {
  const refusals = [
    { code: "lock-held", path: null, reason: "Somebody holds it." },
    { code: "gateway-running", path: null, reason: "A gateway runs." },
  ] as const;
  const lines = "Refused: nothing was written.\n  Somebody holds it.\n  A gateway runs.";
  assert.equal(plainText([...refusalLines(refusals)]), lines);
  const result = plainText([...resultLines(aPlan(), { outcome: "refused", refusals, settled: [] })]);
  assert.equal(result, `Move the stale lock aside\n${lines.replaceAll(/^/gm, "  ")}`);
});

test("the journal has the newest first, and says who ran it and what was settled later", () => {
  const older = aReceipt({ id: "older", undo: { state: "undone", by: "newer" } });
  const newer = aReceipt({ id: "newer", recovered: true, reason: "It was cut off." });
  assert.equal(
    plainText([...journalLines([older, newer])]),
    [
      "2026-11-21 00:20:00 UTC  Move the stale lock aside  done",
      "  newer, 1 step, by command line (pid 77 on workbench), settled after it was cut off",
      "  It was cut off.",
      "2026-11-21 00:20:00 UTC  Move the stale lock aside  done, undone",
      "  older, 1 step, by command line (pid 77 on workbench)",
    ].join("\n"),
  );
});
