// Drives a real VS Code as a person would: palette, trees, hovers, screenshots. For tests of the screen and for the README's pictures.
import path from "node:path";

import { chromium, type Browser as Chromium, type Locator, type Page } from "playwright-core";

import { browser } from "./browser.ts";
import { cleanEnvironment } from "./environment.ts";
import { type Served, serveEditor } from "./serve.ts";

export interface EditorOptions {
  /** The packed extension to show. */
  readonly vsix: string;
  /** The HOME that the extension sees. */
  readonly home?: string;
  /** The folder to open. */
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: "light" | "dark" | "contrast";
  readonly size?: { readonly width: number; readonly height: number };
}

export interface Editor {
  readonly page: Page;
  /** Runs a command by its title in the palette, as "Session Forensics: Refresh". */
  readonly runCommand: (title: string) => Promise<void>;
  /** Shows a view container by the title of its icon. */
  readonly openContainer: (title: string) => Promise<void>;
  /** Opens a file of the workspace, by the end of its path, through quick open. */
  readonly openFile: (name: string) => Promise<void>;
  /** The first row of a tree whose label and description contain the text. */
  readonly treeRow: (text: string) => Locator;
  readonly expand: (text: string) => Promise<void>;
  /** Points at text in the open editor and gives back what the hover says. */
  readonly hoverText: (text: string) => Promise<string>;
  readonly screenshot: (file: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A loaded machine needs half a minute to parse the workbench. */
const FIRST_PAINT_MS = 120_000;
const STEP_MS = 30_000;
/** Hovers and lists fade in. */
const FADE_MS = 400;

const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const THEMES = {
  light: "Default Light Modern",
  dark: "Default Dark Modern",
  contrast: "Default High Contrast",
} as const;

export async function launchBrowser(): Promise<Chromium> {
  const { executable, env } = await browser();
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: CHROMIUM_FLAGS,
    env: cleanEnvironment(env),
    // The caller decides what Ctrl-C means; otherwise the page dies before the server is told.
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}

async function openPalette(page: Page, text: string): Promise<Locator> {
  await page.keyboard.press("F1");
  const box = page.locator(".quick-input-box input");
  await box.waitFor();
  await box.fill(text);
  return page.locator(".quick-input-list .monaco-list-row");
}

async function runCommand(page: Page, title: string): Promise<void> {
  const rows = await openPalette(page, `>${title}`);
  await rows
    .and(page.locator(`[aria-label^="${title}"]`))
    .first()
    .click();
}

async function openFile(page: Page, name: string): Promise<void> {
  const rows = await openPalette(page, name);
  await rows
    .filter({ hasText: path.basename(name) })
    .first()
    .click();
  await page.locator(`.tab[data-resource-name="${path.basename(name)}"]`).waitFor();
}

async function hoverText(page: Page, text: string): Promise<string> {
  await page.locator(".view-line span").getByText(text, { exact: false }).last().hover();
  const hover = page.locator(".monaco-hover:visible .monaco-hover-content").first();
  await hover.waitFor();
  await page.waitForTimeout(FADE_MS);
  return hover.innerText();
}

async function openPage(chrome: Chromium, served: Served, options: EditorOptions): Promise<Page> {
  const page = await chrome.newPage({ viewport: options.size ?? { width: 1280, height: 800 } });
  page.setDefaultTimeout(STEP_MS);
  await page.goto(`${served.url}/?folder=${encodeURIComponent(options.workspace)}`);
  await page.locator(".activitybar .action-label").first().waitFor({ timeout: FIRST_PAINT_MS });
  return page;
}

export async function openEditor(options: EditorOptions): Promise<Editor> {
  const served = await serveEditor({
    vsix: options.vsix,
    ...(options.home === undefined ? {} : { home: options.home }),
    settings: { "workbench.colorTheme": THEMES[options.theme ?? "dark"], ...options.settings },
  });
  let chrome: Chromium | undefined;
  const close = async (): Promise<void> => {
    await chrome?.close();
    await served.stop();
  };
  try {
    chrome = await launchBrowser();
    return editorOn(await openPage(chrome, served, options), close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** A row's spoken name has commas where the screen has gaps. */
function namePattern(text: string): RegExp {
  const words = text.split(/[\s,]+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(words.join("[\\s,]+"));
}

function editorOn(page: Page, close: () => Promise<void>): Editor {
  const treeRow = (text: string): Locator => page.getByRole("treeitem", { name: namePattern(text) }).first();
  return {
    page,
    runCommand: (title) => runCommand(page, title),
    openContainer: (title) => page.locator(`.activitybar .action-label[aria-label^="${title}"]`).first().click(),
    openFile: (name) => openFile(page, name),
    treeRow,
    expand: async (text) => {
      const row = treeRow(text);
      await row.waitFor();
      if ((await row.getAttribute("aria-expanded")) === "false") await row.locator(".monaco-tl-twistie").click();
    },
    hoverText: (text) => hoverText(page, text),
    screenshot: async (file) => void (await page.screenshot({ path: file })),
    close,
  };
}
