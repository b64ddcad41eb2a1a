/** Receipts of all homes that were scanned: which home one belongs to, and which is the newest. */
import type { RepairDesk } from "../../engine/repair-desk.ts";
import type { Receipt } from "../../model/receipt.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";

/** The home of the receipt with this id; with null the home of the newest receipt that can be undone. */
export function homeOfReceipt(
  desk: RepairDesk,
  homes: readonly HomeSnapshot[],
  id: string | null,
): HomeSnapshot | null {
  let newest: { readonly home: HomeSnapshot; readonly receipt: Receipt } | null = null;
  for (const home of homes) {
    for (const receipt of desk.journal(home)) {
      if (id !== null && receipt.id === id) return home;
      const counts = id === null && receipt.undo.state === "possible" && receipt.plan.undoes === undefined;
      if (counts && (newest === null || receipt.startedAt > newest.receipt.startedAt)) newest = { home, receipt };
    }
  }
  return newest?.home ?? null;
}
