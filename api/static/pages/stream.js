/** The live stream: what was recorded by anybody, resumed where it broke off; and whether it is alive. */

/**
 * @param {number} after the log size from which on to follow
 * @param {{grown: (size: number, event: {position: number, type: string, stream: string}) => void, alive: (is: boolean) => void}} tell
 */
export function follow(after, tell) {
  let last = after;
  let source = /** @type {EventSource | null} */ (null);

  function open() {
    source?.close();
    source = new EventSource(`/v1/stream?after=${last}`);
    source.onopen = () => tell.alive(true);
    source.onmessage = (message) => {
      last = Number(message.lastEventId);
      tell.grown(last, JSON.parse(message.data));
    };
    source.onerror = () => {
      tell.alive(false);
      // A lost network is tried again by the browser; a refusal (a locked screen) closes the stream for good.
      if (source?.readyState === EventSource.CLOSED) setTimeout(revive, 3000);
    };
  }

  function revive() {
    if (source?.readyState === EventSource.CLOSED && !("locked" in document.documentElement.dataset)) open();
  }

  open();
  document.addEventListener("ledger-unlocked", open);
  addEventListener("online", revive);
  document.addEventListener("visibilitychange", revive);
}
