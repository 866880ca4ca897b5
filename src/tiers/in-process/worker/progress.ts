type Progress = (percent: number, message?: string) => void;

/** Progress at most once in so many milliseconds, and never backwards. */
export function throttled(everyMs: number, progress: Progress): Progress {
  let last = performance.now();
  let reached = 0;
  return (percent, message) => {
    const now = performance.now();
    if (now - last < everyMs || percent < reached) return;
    last = now;
    reached = Math.floor(percent);
    progress(reached, message);
  };
}
