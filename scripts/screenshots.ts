// `npm run screenshots [-- NAME…]`: takes the pictures of README.md again, of the sample home in a real VS Code.
import { mkdir } from "node:fs/promises";
import path from "node:path";

import type { Locator } from "playwright-core";

import { packVsix } from "./bundle/vsix.ts";
import { type Editor, openEditor } from "./editor/drive.ts";
import { busyHome, type Home, sampleHome } from "./editor/homes.ts";
import { ROOT } from "./toolchain/paths.mjs";

const FOLDER = path.join(ROOT, "docs/images");

/** Rows, hovers and texts fade in or settle. */
const SETTLE_MS = 1_200;
/** From the start of the editor to the first rows, on a loaded machine. */
const FIRST_ROWS_MS = 90_000;

type Theme = "contrast" | "dark" | "light";

/** The home that a picture shows; the sample home when left out. */
interface Shown {
  readonly make: () => Promise<Home>;
  /** The row that is waited for. */
  readonly firstRow: string;
}

const SAMPLE: Shown = { make: sampleHome, firstRow: "incident," };
const BUSY: Shown = { make: busyHome, firstRow: "release 3 fragments" };

interface Picture {
  readonly name: string;
  readonly of?: Shown;
  readonly themes: readonly Theme[];
  readonly size: { readonly width: number; readonly height: number };
  /** Width of the side bar. */
  readonly sideBar: number;
  /** Brings the screen into the state to be shown. */
  readonly arrange: (editor: Editor) => Promise<void>;
  /** The part of the screen that is kept; all of it when left out. */
  readonly part?: string;
}

const settle = ({ page }: Editor): Promise<void> => page.waitForTimeout(SETTLE_MS);

/** Takes the pointer off whatever it hovers. */
const pointAway = ({ page }: Editor): Promise<void> => page.mouse.move(page.viewportSize()?.width ?? 0, 1);

async function widenSideBar({ page }: Editor, width: number): Promise<void> {
  const box = await page.locator(".part.sidebar").boundingBox();
  if (box === null) throw new Error("the side bar is not open");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width + 2, y);
  await page.mouse.down();
  await page.mouse.move(width, y, { steps: 10 });
  await page.mouse.up();
}

async function showViews(editor: Editor, firstRow: string, width: number): Promise<void> {
  await editor.openContainer("Session Forensics");
  await editor.treeRow(firstRow).waitFor({ timeout: FIRST_ROWS_MS });
  await widenSideBar(editor, width);
  await settle(editor);
}

async function action(editor: Editor, row: Locator, label: string): Promise<void> {
  await row.hover();
  await row.locator(`.action-label[aria-label^="${label}"]`).click();
  await pointAway(editor);
}

/** The plan that the repair of the sample's stale lock begins with. */
async function planLockRepair(editor: Editor): Promise<void> {
  await action(editor, editor.treeRow("A lock that nobody holds"), "Repair");
  await editor.page.locator(".view-line").filter({ hasText: "Move aside" }).waitFor();
}

const PICTURES: readonly Picture[] = [
  {
    name: "conversation",
    of: BUSY,
    themes: ["dark"],
    size: { width: 1360, height: 900 },
    sideBar: 330,
    arrange: async (editor) => {
      await action(editor, editor.treeRow("release 3 fragments"), "Open Chain");
      await editor.page.locator(".view-line").filter({ hasText: "Tag the release." }).waitFor();
      await settle(editor);
      // The middle of the story: a command that goes on in the background, and the reset that it outlives.
      await editor.page.keyboard.press("Control+Home");
      for (let lines = 0; lines < 26; lines += 1) await editor.page.keyboard.press("Control+ArrowDown");
    },
  },
  {
    name: "timeline",
    of: BUSY,
    themes: ["light", "contrast"],
    size: { width: 1360, height: 660 },
    sideBar: 330,
    arrange: async (editor) => {
      await editor.treeRow("release 3 fragments").click();
      await settle(editor);
      await editor.page.keyboard.press("Control+Alt+Shift+t");
      const page = editor.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
      await page.locator(".lanes g.item.arrow").first().waitFor();
      await page.getByRole("button", { name: "Zoom out" }).click();
      await settle(editor);
      await page.locator(".lanes g.item.arrow").first().hover({ force: true });
    },
  },
  {
    name: "chain",
    themes: ["dark"],
    size: { width: 1360, height: 820 },
    sideBar: 500,
    arrange: async (editor) => {
      await editor.expand("main, 3 fragments");
      await action(editor, editor.treeRow("main, 3 fragments"), "Show Chain");
    },
  },
  {
    name: "lock",
    themes: ["light"],
    size: { width: 1360, height: 820 },
    sideBar: 500,
    arrange: async (editor) => {
      await action(editor, editor.treeRow("A lock that nobody holds"), "Open Place of Finding");
      await editor.page.locator(".view-line").filter({ hasText: "starttime" }).waitFor();
      await settle(editor);
      await editor.hoverText("pid");
    },
  },
  {
    name: "finding",
    themes: ["dark"],
    size: { width: 1360, height: 820 },
    sideBar: 500,
    arrange: async (editor) => {
      await editor.expand("A session whose transcript is missing");
      await editor.treeRow("A session whose transcript is missing").click();
      await pointAway(editor);
    },
  },
  {
    name: "views",
    themes: ["dark", "light"],
    size: { width: 900, height: 1000 },
    sideBar: 560,
    part: ".part.sidebar",
    arrange: async (editor) => {
      // From below, so that no row leaves the screen before its turn.
      await editor.expand("Shadow store");
      await editor.expand("Unattributed");
      await editor.expand("incident,");
      await editor.expand("main, 3 fragments");
      await pointAway(editor);
    },
  },
  {
    name: "search",
    themes: ["dark"],
    size: { width: 1360, height: 820 },
    sideBar: 500,
    arrange: async (editor) => {
      await editor.runCommand("Session Forensics: Search Sessions…");
      await editor.page.locator(".quick-input-box input").fill("billing");
      await editor.page.keyboard.press("Enter");
      await editor.page.locator('.pane-header[aria-label^="Findings"]').click();
      const line = editor.treeRow("user: Plan the move");
      await line.waitFor();
      await line.click();
      await settle(editor);
      await pointAway(editor);
    },
  },
  {
    name: "plan",
    themes: ["dark"],
    size: { width: 1360, height: 820 },
    sideBar: 500,
    arrange: planLockRepair,
  },
  {
    // Last, for it changes the sample.
    name: "receipt",
    themes: ["light"],
    size: { width: 1360, height: 820 },
    sideBar: 500,
    arrange: async (editor) => {
      await planLockRepair(editor);
      await editor.page.locator(".codelens-decoration a").first().click();
      await editor.page.locator(".view-line").filter({ hasText: "moved aside" }).waitFor();
      await editor.page.locator('.pane-header[aria-label^="History"]').click();
      await editor.treeRow("Move the stale lock aside").waitFor();
      await pointAway(editor);
    },
  },
];

async function take(picture: Picture, theme: Theme, vsix: string, home: string): Promise<void> {
  const { name, size, sideBar, arrange, part } = picture;
  const editor = await openEditor({ vsix, home, workspace: home, theme, size });
  try {
    await showViews(editor, (picture.of ?? SAMPLE).firstRow, sideBar);
    await arrange(editor);
    await settle(editor);
    const file = path.join(FOLDER, `${name}-${theme}.png`);
    if (part === undefined) await editor.screenshot(file);
    else await editor.page.locator(part).screenshot({ path: file });
    console.log(path.relative(ROOT, file));
  } finally {
    await editor.close();
  }
}

const names = process.argv.slice(2);
const wanted = PICTURES.filter(({ name }) => names.length === 0 || names.includes(name));
const vsix = await packVsix();
await mkdir(FOLDER, { recursive: true });
for (const shown of [BUSY, SAMPLE]) {
  const home = await shown.make();
  try {
    for (const picture of wanted.filter(({ of = SAMPLE }) => of === shown))
      for (const theme of picture.themes) await take(picture, theme, vsix, home.folder);
  } finally {
    await home.remove();
  }
}
