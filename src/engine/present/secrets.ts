/**
 * Keys, tokens and passwords in known shapes, masked before text leaves the machine's own files: in exports, chain documents, briefs
 * and answers to language models. What has no known shape can't be told from other text.
 */

import { asObject, asText } from "../../formats/json-values.ts";

/** One shape of secret. The pattern's group `secret` is what is masked; without that group all of it is. */
interface Shape {
  readonly name: string;
  readonly pattern: RegExp;
}

/**
 * Formats as their issuers document them; before the end of a private key a few others may begin that were cut off. None of the
 * patterns repeats a group that can match in several ways or looks further from each of many beginnings, so that text made to take
 * long takes no longer than other text.
 */
const SHAPES: readonly Shape[] = [
  {
    name: "private key",
    pattern:
      /(?:-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){0,20000}){1,4}(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  { name: "Anthropic key", pattern: /\bsk-ant-[\w-]{16,}/g },
  { name: "API key", pattern: /\b(?:sk|rk|pk)[-_](?:proj-|svcacct-|or-v1-|live_|test_)?[A-Za-z0-9_-]{20,}/g },
  { name: "GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/g },
  { name: "GitLab token", pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft)-[\w-]{16,}/g },
  { name: "AWS access key", pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g },
  { name: "Google key", pattern: /\b(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})/g },
  {
    name: "Slack token",
    pattern: /\bxox[abeoprs]-[\w-]{10,}|\bxapp-[\w-]{10,}|https:\/\/hooks\.slack\.com\/services\/[\w/]{20,}/g,
  },
  { name: "npm token", pattern: /\bnpm_[A-Za-z0-9]{30,}/g },
  { name: "Hugging Face token", pattern: /\bhf_[A-Za-z0-9]{30,}/g },
  { name: "Telegram bot token", pattern: /\b\d{6,12}:[A-Za-z0-9_-]{33,36}(?![\w-])/g },
  { name: "Discord token", pattern: /\b[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}/g },
  { name: "SendGrid key", pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}/g },
  { name: "JSON Web Token", pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g },
  { name: "bearer token", pattern: /\b[Bb]earer\s+(?<secret>[\w.~+/-]{16,}=*)/g },
  { name: "basic authentication", pattern: /\b[Bb]asic\s+(?<secret>[A-Za-z0-9+/]{16,}={0,2})(?![\w+/])/g },
  { name: "password", pattern: /\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s/:@"']{0,100}:(?<secret>[^\s/@"']{1,200})@/gi },
  {
    name: "secret",
    pattern:
      /(?:\b|_)(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|auth[-_]?token)\\?["']?\s{0,3}(?:=|:|=>)\s{0,3}\\?["']?(?<secret>(?!\[masked)[^\s"'`\\,;&<>(){}[\]]{6,})/gi,
  },
];

/** Words that stand where a secret would, and are none. */
const PLACEHOLDER =
  /^(?:x{3,}|\*{3,}|\.{3,}|undefined|null|none|true|false|string|number|boolean|required|redacted|process\.env.*|env\..*)$/i;
/** Names of variables and of what is to be filled in: `$DB_PASSWORD`, `${TOKEN}`, `$(cat key)`, `%TOKEN%`, `<your key>`. */
const VARIABLE = /^(?:\$[A-Z_][A-Z\d_]*|\$[{(].*|%[A-Za-z_]\w*%?|<.*)$/;

/** The text with each secret replaced by `[masked: GitHub token]` and the like; all else stays as it is. */
export function maskSecrets(text: string): string {
  return SHAPES.reduce((masked, shape) => maskShape(masked, shape), text);
}

function maskShape(text: string, { name, pattern }: Shape): string {
  return text.replace(pattern, (match: string, ...rest: unknown[]) => {
    const secret = asText(asObject(rest.at(-1))?.["secret"]);
    if (secret === null) return `[masked: ${name}]`;
    if (PLACEHOLDER.test(secret) || VARIABLE.test(secret)) return match;
    const at = match.lastIndexOf(secret);
    return `${match.slice(0, at)}[masked: ${name}]${match.slice(at + secret.length)}`;
  });
}
