// Stands in for @vscode/spdlog, whose compiled part is not fetched: without it VS Code writes no log, and an extension's
// output channel stays empty. The same functions, written plainly; files are not rotated.
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const LEVELS = ["trace", "debug", "info", "warning", "error", "critical"];
const OFF = LEVELS.length;
const INFO = LEVELS.indexOf("info");

class Logger {
  constructor(_type, _name, file) {
    this.file = file;
    this.level = INFO;
    this.formatted = true;
    for (const [level, name] of LEVELS.entries()) {
      this[name === "warning" ? "warn" : name] = (message) => this.write(level, message);
    }
  }

  write(level, message) {
    if (level < this.level || this.level === OFF) return;
    const stamp = new Date().toISOString().replace("T", " ").replace("Z", "");
    const text = this.formatted ? `${stamp} [${LEVELS[level]}] ${message}\n` : message;
    try {
      appendFileSync(this.file, text);
    } catch {
      // A log that can't be written must not stop the editor.
    }
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  clearFormatters() {
    this.formatted = false;
  }

  setPattern() {}
  flush() {}
  drop() {}
}

async function createLogger(name, file) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger("plain", name, file);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
