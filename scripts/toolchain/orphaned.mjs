// Notices the end of npm. Its shell keeps signals for itself, so a SIGTERM to npm would leave what it started running.

const LOOK_EACH_MS = 500;

/** Calls back once when the npm that started this process is gone; never when npm did not start it. */
export function whenNpmIsGone(callback) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    callback();
  }, LOOK_EACH_MS);
  looking.unref();
}
