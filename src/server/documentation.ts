/** Pages of the documentation, if the client says where it lies. */
import { findingAnchor } from "../checks/codes.ts";

const pageIn = (folder: string | undefined, page: string, anchor: string): string | null =>
  folder === undefined || folder === "" ? null : `${folder.replace(/\/$/, "")}/${page}#${anchor}`;

/** Explains a finding's code. */
export const findingPage = (folder: string | undefined, code: string): string | null =>
  pageIn(folder, "findings.md", findingAnchor(code));

/** Explains why a folder is a home, and has its role. */
export const homePage = (folder: string | undefined, rule: string): string | null =>
  pageIn(folder, "where-state-lives.md", rule);
