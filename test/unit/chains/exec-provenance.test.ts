// Which start a notice belongs to, and what is said of an exec that no notice tells of.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { ExecProvenance } from "../../../src/model/exec.ts";
import { notice, outcome, poll, provenanceOf, start, telling, unnamed } from "../../support/execs.ts";
import { type AgentParts, archive, claim, KEY, live, OTHER_KEY, rowOf } from "../../support/linking.ts";

/** The first fragment of KEY starts `started`, the second holds the rest. */
function crossing(
  started: Parameters<typeof telling>[1],
  told: Parameters<typeof telling>[1],
  others: AgentParts["fragments"] = [],
): ExecProvenance {
  const fragments = [telling(archive(1, 0, 10), started), telling(live(2, 12), told), ...others];
  return provenanceOf({ fragments, rows: [rowOf(KEY, 2)], claims: [claim(KEY, 1), claim(KEY, 2)] });
}

/** Start, certainty and alternatives of each notice, in the order in which they came. */
function origins({ notices }: ExecProvenance): unknown[] {
  return notices.map(({ origin }) =>
    origin === null
      ? null
      : [origin.start.entryId, origin.certainty, ...origin.alternatives.map(({ entryId }) => entryId)],
  );
}

/** What came of each exec. */
function fates({ execs }: ExecProvenance): unknown[] {
  return execs.map(({ delivery, undelivered }) => delivery?.place.entryId ?? undelivered?.reason);
}

function words({ notices }: ExecProvenance): string {
  return notices
    .flatMap(({ open, origin }) => [open ?? "", ...(origin?.evidence ?? []).map(({ text }) => text)])
    .join("\n");
}

describe("a notice that names an exec", () => {
  it("leads to the only start whose name begins so, in whatever fragment of the key", () => {
    const found = crossing({ started: [start("fresh-summit", 5)] }, { completed: [notice("fresh-su", 14)] });
    assert.deepEqual(origins(found), [["s fresh-summit", "derived"]]);
    assert.deepEqual(fates(found), ["n fresh-su 14"]);
    assert.match(words(found), /names fresh-su.*only fresh-summit.*\n.*agent:main:one\n.*ended 9 s later/);
  });

  it("states when the process ended, how, and with what output; the entry when that was told", () => {
    const told = outcome({ exitCode: 4, output: "done" });
    const { execs } = crossing(
      { started: [start("fresh-summit", 5)] },
      { completed: [notice("fresh-su", 14, { outcome: told })] },
    );
    const { delivery } = execs[0]!;
    assert.deepEqual([delivery?.outcome, delivery?.exitCode, delivery?.output], ["completed", 4, "done"]);
    assert.equal(delivery!.place.at! - delivery!.endedAt!, 1000);
  });

  it("can mean two execs with names that are alike: neither is sure, and the other may have been meant", () => {
    const started = [start("fresh-summit", 5), start("fresh-summer", 6)];
    const found = crossing({ started }, { completed: [notice("fresh-su", 14)] });
    assert.deepEqual(origins(found), [["s fresh-summer", "inferred", "s fresh-summit"]]);
    assert.deepEqual(fates(found), ["perhaps", "n fresh-su 14"]);
    assert.match(words(found), /2 execs .* have such names: this one is likeliest/);
  });

  it("means of these the one whose command holds its output", () => {
    const started = [start("fresh-summit", 5, { command: "make; echo all-made" }), start("fresh-summer", 6)];
    const told = outcome({ output: "all-made" });
    const found = crossing({ started }, { completed: [notice("fresh-su", 14, { outcome: told })] });
    assert.deepEqual(origins(found), [["s fresh-summit", "inferred", "s fresh-summer"]]);
  });

  it("can't mean one that was surely reported before", () => {
    const first = { started: [start("fresh-summit", 5)], completed: [notice("fresh-su", 7)] };
    const found = crossing(first, { started: [start("fresh-summer", 13)], completed: [notice("fresh-su", 14)] });
    assert.deepEqual(origins(found), [
      ["s fresh-summit", "derived"],
      ["s fresh-summer", "derived"],
    ]);
  });

  it("can't tell of an exec that began later, but for its whole seconds", () => {
    const later = (seconds: number): ExecProvenance =>
      crossing({}, { started: [start("fresh-summit", seconds)], completed: [notice("fresh-su", 14)] });
    assert.deepEqual(origins(later(15)), [["s fresh-summit", "derived"]]);
    assert.deepEqual(origins(later(15.001)), [null]);
    assert.match(words(later(15.001)), /none of the transcripts that are here started an exec of that name/);
  });

  it("is of another exec than one whose end was seen before", () => {
    const started = [start("fresh-summit", 5), start("fresh-summer", 6)];
    const ended = [poll("fresh-summit", 9)];
    const found = crossing({ started, ended }, { completed: [notice("fresh-su", 14)] });
    assert.deepEqual(origins(found), [["s fresh-summer", "derived"]]);
    assert.deepEqual(fates(found), ["never", "n fresh-su 14"]);
  });

  it("may name the whole slug, and then one that only begins alike is none", () => {
    const whole = (slug: string): ExecProvenance =>
      crossing({ started: [start("fresh-summit", 5)] }, { completed: [notice(slug, 14, { stated: false })] });
    assert.deepEqual(origins(whole("fresh-summit")), [["s fresh-summit", "derived"]]);
    assert.deepEqual(origins(whole("fresh-summer")), [null]);
  });

  it("that stands there twice is one notice", () => {
    const twice = [notice("fresh-su", 14), notice("fresh-su", 14, { line: 11, entryId: "again" })];
    const found = crossing({ started: [start("fresh-summit", 5)] }, { completed: twice });
    assert.deepEqual(origins(found), [
      ["s fresh-summit", "derived"],
      ["s fresh-summit", "derived"],
    ]);
    assert.deepEqual(
      found.notices.map(({ repeats }) => repeats?.line ?? null),
      [null, 9],
    );
    assert.deepEqual(fates(found), ["n fresh-su 14"]);
  });

  it("that is left over makes the others of its name doubtful: some start must be missing", () => {
    const told = [notice("fresh-su", 14), notice("fresh-su", 20)];
    const found = crossing({ started: [start("fresh-summit", 5)] }, { completed: told });
    assert.deepEqual(origins(found), [["s fresh-summit", "inferred"], null]);
    assert.match(words(found), /names the same exec: one of the two is of an exec that isn't here/);
    assert.match(words(found), /the only exec with such a name was reported by another notice, at .*:9/);
  });

  it("is only likely while a fragment that could hold another start can't be read", () => {
    const untold = { ...archive(3, 0, 11), execs: null };
    const found = crossing({ started: [start("fresh-summit", 5)] }, { completed: [notice("fresh-su", 14)] }, [untold]);
    assert.deepEqual(origins(found), [["s fresh-summit", "inferred"]]);
    assert.match(words(found), /may have been started in .*, which could not be read/);
    assert.equal(found.unread.length, 1);
  });

  it("is only likely while a fragment between the two is missing", () => {
    const fragments = [
      telling(live(1, 0), { started: [start("fresh-summit", 5)] }),
      telling(live(2, 12, { start: "reset-prompt" }), { completed: [notice("fresh-su", 14)] }),
    ];
    const found = provenanceOf({ fragments, rows: [rowOf(KEY, 2)], claims: [claim(KEY, 1), claim(KEY, 2)] });
    assert.deepEqual(origins(found), [["s fresh-summit", "inferred"]]);
    assert.match(words(found), /what came before this fragment is not here/);
  });

  it("never means an exec of another key, and one of an unknown key is not sure", () => {
    const started = telling(live(3, 0), { started: [start("fresh-summit", 5)] });
    const told = telling(live(2, 12), { completed: [notice("fresh-su", 14)] });
    const rows = [rowOf(KEY, 2)];
    const ofOther = provenanceOf({ fragments: [started, told], rows: [...rows, rowOf(OTHER_KEY, 3)] });
    assert.deepEqual([origins(ofOther), fates(ofOther)], [[null], ["never"]]);
    const unread = telling(archive(4, 0, 1));
    const ofNone = provenanceOf({ fragments: [started, told, { ...unread, execs: null }], rows });
    assert.deepEqual(origins(ofNone), [["s fresh-summit", "inferred"]]);
    assert.match(words(ofNone), /whether both fragments are of one session key is not known/);
  });
});

describe("a notice of a command that was approved", () => {
  const request = { approvalId: "9c39", at: 1, line: 6, entryId: "asked", command: "make" };
  const told = { slug: "warm-forest", stated: false, approvalId: "9c39" };

  it("leads to where the approval was asked for, by its id", () => {
    const found = crossing({ requested: [request] }, { completed: [notice("warm-forest", 14, told)] });
    assert.deepEqual(origins(found), [["asked", "recorded"]]);
    assert.match(words(found), /names the approval 9c39, for which this command waited/);
    const [{ command, delivery, slug, startedAt } = assert.fail()] = found.execs;
    assert.deepEqual([slug, command, startedAt, delivery?.certainty], ["warm-forest", "make", null, "recorded"]);
  });

  it("is one, however often it is told", () => {
    const again = {
      completed: [notice("warm-forest", 14, told)],
      quoted: [notice("9c39", 15, { approvalId: "9c39" })],
    };
    const found = crossing({ requested: [request] }, again);
    assert.deepEqual(origins(found), [
      ["asked", "recorded"],
      ["asked", "recorded"],
    ]);
    assert.deepEqual(fates(found), ["n warm-forest 14"]);
  });

  it("never came for one that was denied: that is no exec", () => {
    assert.deepEqual(crossing({ requested: [request] }, {}).execs, []);
  });
});

describe("a notice that names no exec", () => {
  it("is matched by time alone, and says so, even where only one exec is left", () => {
    const found = crossing({ started: [start("fresh-summit", 5)] }, { unnamed: [unnamed(14)] });
    assert.deepEqual(origins(found), [["s fresh-summit", "inferred"]]);
    assert.match(words(found), /names no exec; it is the only exec .* \(started at .*, was told 9 s later\)/);
    assert.deepEqual(found.execs[0]?.delivery?.evidence[0]?.kind, "time-window");
  });

  it("may mean any exec that was not reported otherwise: the last is named, the others are kept", () => {
    const started = [start("calm-bay", 1), start("fresh-summit", 3), start("keen-fox", 5)];
    const told = { unnamed: [unnamed(14)], completed: [notice("fresh-su", 40)] };
    const found = crossing({ started }, told);
    assert.deepEqual(origins(found)[0], ["s keen-fox", "inferred", "s calm-bay"]);
    assert.deepEqual(fates(found), ["perhaps", "n fresh-su 40", "u 14"]);
  });

  it("more likely means one of which no poll has seen the end", () => {
    const started = [start("calm-bay", 1), start("keen-fox", 5)];
    const found = crossing({ started, ended: [poll("keen-fox", 8)] }, { unnamed: [unnamed(14)] });
    assert.deepEqual(origins(found), [["s calm-bay", "inferred", "s keen-fox"]]);
  });

  it("stays open where no exec is left, or one only of another key", () => {
    const found = crossing({}, { unnamed: [unnamed(14), unnamed(15)], started: [start("calm-bay", 13)] });
    assert.deepEqual(origins(found), [["s calm-bay", "inferred"], null]);
    assert.match(words(found), /no exec of its session key that is known here is left/);
  });
});

describe("a poll", () => {
  it("tells the end of the exec that it names in full", () => {
    const found = crossing({ started: [start("calm-bay", 1)], ended: [poll("calm-bay", 9, { exitCode: 3 })] }, {});
    const { ended, undelivered } = found.execs[0]!;
    assert.deepEqual([ended?.certainty, ended?.exitCode, ended?.place.entryId], ["recorded", 3, "p calm-bay 9"]);
    assert.match(undelivered!.text, /^No notice of its end .* The agent saw its end by a poll\.$/);
  });

  it("tells of the last of that name, as names are given out again", () => {
    const started = [start("calm-bay", 1), start("calm-bay", 6, { entryId: "second" })];
    const { execs } = crossing({ started, ended: [poll("calm-bay", 9)] }, {});
    assert.deepEqual(
      execs.map(({ ended }) => ended?.certainty ?? null),
      [null, "derived"],
    );
  });

  it("says nothing of a later exec", () => {
    const found = crossing({ ended: [poll("calm-bay", 3)] }, { started: [start("calm-bay", 13)] });
    assert.equal(found.execs[0]?.ended, null);
  });
});

describe("an exec without a notice", () => {
  it("never had one where everything was read", () => {
    const found = crossing({ started: [start("calm-bay", 1)] }, {});
    assert.deepEqual(fates(found), ["never"]);
    assert.match(found.execs[0]!.undelivered!.text, /^No notice of its end stands in the 2 fragments/);
  });

  it("may have had one where a fragment that came later can't be read", () => {
    const of = (untold: AgentParts["fragments"][number]): unknown =>
      fates(
        provenanceOf({
          fragments: [telling(archive(1, 0, 10), { started: [start("calm-bay", 1)] }), untold],
          rows: [rowOf(KEY, 2)],
          claims: [claim(KEY, 1), claim(KEY, 2)],
        }),
      );
    assert.deepEqual(of(live(2, 12)), ["unknown"]);
  });

  it("may have had one where nobody knows what followed the reset", () => {
    const fragments = [telling(archive(1, 0, 10), { started: [start("calm-bay", 1)] })];
    const found = provenanceOf({ fragments });
    assert.deepEqual(fates(found), ["unknown"]);
    assert.match(found.execs[0]!.undelivered!.text, /not all that followed is here/);
  });
});

it("a start that was copied along with a fork is one exec, where it first stood", () => {
  const started = { started: [start("calm-bay", 1)] };
  const fragments = [telling(live(1, 0), started), telling(live(2, 5), started)];
  const found = provenanceOf({ fragments, rows: [rowOf(KEY, 1), rowOf(OTHER_KEY, 2)] });
  assert.deepEqual(
    found.execs.map(({ start: place }) => place.fragment.path),
    [fragments[0]?.path],
  );
});
