/** `journal`: every receipt of the homes, the newest first. */
import { EMPTY, fileSpan, type Line, line, span } from "../../engine/present/lines.ts";
import { journalLines } from "../../engine/present/receipt-text.ts";
import type { Receipt } from "../../model/receipt.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { RECEIPT_SCHEMA } from "../../model/receipt.ts";
import { receiptDocument } from "../repairing/documents.ts";
import { scanForRepair } from "../repairing/scanning.ts";
import { reportCutOff } from "../repairing/settling.ts";
import { homesMeant, reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP } from "../scanning.ts";
import type { Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

interface HomeJournal {
  readonly home: HomeSnapshot;
  readonly receipts: readonly Receipt[];
}

function* homesLines(journals: readonly HomeJournal[]): Generator<Line> {
  const kept = journals.filter(({ receipts }) => receipts.length > 0);
  if (kept.length === 0) yield line("Nothing has been repaired here yet.");
  for (const { home, receipts } of kept) {
    yield [span("Home "), fileSpan(home.home.path, { path: home.home.path }, "strong")];
    yield* journalLines(receipts);
    yield EMPTY;
  }
}

export const journal: Verb = {
  name: "journal",
  usage: "[--home DIR]",
  summary: "every repair that was run: what it did, when, and whether it can be undone",
  help: `  --home DIR       look in this home only
${SCAN_OPTIONS_HELP}`,
  options: { ...SCAN_OPTIONS, home: { type: "string" } },
  takes: [0, 0],
  async run(world, _names, values) {
    const scanned = await scanForRepair(world, [], values);
    const code = reportUnreadable(world, scanned);
    const desk = world.repairDesk();
    reportCutOff(world, scanned.snapshot);
    const journals = homesMeant(world, scanned.snapshot, values).map((home) => ({
      home,
      receipts: desk.journal(home),
    }));
    if (values["json"] === true) {
      const homes = journals.map(({ home, receipts }) => ({
        home: home.home.path,
        receipts: receipts.toReversed().map(receiptDocument),
      }));
      await printJson(world, scanned.snapshot, { schema: RECEIPT_SCHEMA, homes });
    } else await world.terminal.lines(homesLines(journals));
    await scanned.close();
    return code;
  },
};
