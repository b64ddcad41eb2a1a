import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { maskSecrets } from "../../../src/engine/present/secrets.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const secret = (...parts: string[]): string => parts.join("");
const LETTERS = "abcdEFGH1234ijklMNOP5678qrstUVWX9012";

describe("secrets are masked", () => {
  const secrets: [name: string, text: string][] = [
    ["Anthropic key", secret("sk-", "ant-api03-", LETTERS)],
    ["API key", secret("sk-", "proj-", LETTERS)],
    ["API key", secret("sk_", "live_", LETTERS)],
    ["GitHub token", secret("gh", "p_", LETTERS)],
    ["GitHub token", secret("github", "_pat_", LETTERS)],
    ["GitLab token", secret("gl", "pat-", LETTERS)],
    ["AWS access key", secret("AK", "IA", "IOSFODNN7EXAMPLE")],
    ["Google key", secret("AI", "za", LETTERS.slice(0, 35))],
    ["Slack token", secret("xox", "b-123456789012-", LETTERS)],
    ["npm token", secret("npm", "_", LETTERS)],
    ["Telegram bot token", secret("123456789", ":", LETTERS.slice(0, 35))],
    ["JSON Web Token", secret("eyJ", LETTERS, ".eyJ", LETTERS, ".", LETTERS)],
    ["private key", secret("-----BEGIN RSA ", "PRIVATE KEY-----\nabc\ndef\n-----END RSA ", "PRIVATE KEY-----")],
    ["private key", secret("-----BEGIN ", "PRIVATE KEY-----\nabc\ndef, cut")],
  ];
  it("private keys, also where one was cut off before the next", () => {
    const begin = secret("-----BEGIN ", "PRIVATE KEY-----");
    const end = secret("-----END ", "PRIVATE KEY-----");
    assert.equal(maskSecrets(`${begin}\nabc\n${begin}\ndef\n${end} after`), "[masked: private key] after");
  });

  for (const [name, text] of secrets)
    it(`${name}: ${text.slice(0, 12)}…`, () => assert.equal(maskSecrets(`before ${text}`), `before [masked: ${name}]`));

  const named: [text: string, masked: string][] = [
    ["Authorization: Bearer abcdefghijklmnop1234", "Authorization: Bearer [masked: bearer token]"],
    ["postgres://kim:hunter2@db:5432/x", "postgres://kim:[masked: password]@db:5432/x"],
    ["DB_PASSWORD=hunter22", "DB_PASSWORD=[masked: secret]"],
    ["password=$ecret12", "password=[masked: secret]"],
    ['{"api_key": "abcdef123456"}', '{"api_key": "[masked: secret]"}'],
    ['{\\"password\\": \\"abcdef123456\\"}', '{\\"password\\": \\"[masked: secret]\\"}'],
  ];
  for (const [text, masked] of named) it(text.slice(0, 24), () => assert.equal(maskSecrets(text), masked));

  it("twice is once", () => {
    for (const [text] of named) assert.equal(maskSecrets(maskSecrets(text)), maskSecrets(text));
  });
});

describe("what is no secret stays", () => {
  const texts = [
    "the password is wrong",
    "PASSWORD=$DB_PASSWORD",
    "token=${API_TOKEN}",
    "set PASSWORD=%DB_PASSWORD%",
    "password: <your password>",
    "token: string",
    "sk-short",
    "session 17b5706a-97ec-4824-a6f1-8b15314fd80a",
    "tokens: 15000, total tokens 12",
    "https://example.org/a:b@c",
    "commit dcd2857a0b1c2d3e4f5061728394a5b6c7d8e9f0",
  ];
  for (const text of texts) it(text, () => assert.equal(maskSecrets(text), text));

  it("also in long text without one", () => {
    const begin = secret("-----BEGIN ", "PRIVATE KEY-----");
    for (const part of ["a:b@c password token sk- eyJ -----BEGIN ", begin]) {
      const text = `${part.repeat(200_000)}${"a".repeat(30_000)}`;
      assert.equal(maskSecrets(text), text);
    }
  });
});
