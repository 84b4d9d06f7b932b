/**
 * The lock: names go, timers stay, and the PIN of the same person brings back the very place they were at.
 *
 * A page may put its timers on the lock through `data-on-lock`: an element whose copy is shown, with no name in it.
 */

import { el, fill, say } from "./dom.js";
import { get, post, Problem } from "./http.js";
import { icon } from "./icons.js";

const TOUCHED = 30_000;
let last = 0;

/** @param {{code: string, locked: boolean}} me */
export function watchLock(me) {
  // What was asked in the background of a locked screen, or after signing out, has its answer on the screen already.
  addEventListener("unhandledrejection", (event) => {
    if (event.reason instanceof Problem && [401, 423].includes(event.reason.status)) event.preventDefault();
  });
  const problem = el("p", { class: "refusal", role: "alert" });
  const timers = el("div", { class: "lock-timers" });
  const pin = /** @type {HTMLInputElement} */ (
    el("input", { id: "lock-pin", name: "pin", type: "password", inputmode: "numeric", autocomplete: "current-password", required: true, maxlength: 12, "data-field": "unlock-pin" })
  );
  const form = el(
    "form",
    { method: "dialog", onsubmit: unlock },
    el("h2", { id: "lock-title" }, icon("lock"), `Locked · ${me.code}`),
    timers,
    el("input", { type: "text", name: "username", autocomplete: "username", value: me.code, hidden: true }),
    el("label", { for: "lock-pin" }, `PIN of ${me.code}`),
    pin,
    problem,
    el("button", { type: "submit", class: "primary", "data-action": "unlock" }, "Open"),
    el("button", { type: "button", class: "quiet", "data-action": "other-person", onclick: other }, "Somebody else signs in"),
  );
  const overlay = /** @type {HTMLDialogElement} */ (el("dialog", { class: "lock", "aria-labelledby": "lock-title", "data-overlay": "lock" }, form));
  overlay.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(overlay);
  document.addEventListener("ledger-locked", cover);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { passive: true });
  setInterval(mirror, 1000);
  if (me.locked) cover();

  function cover() {
    if (overlay.open) return;
    document.documentElement.dataset.locked = "";
    mirror();
    overlay.showModal();
    pin.focus();
  }

  function mirror() {
    const shown = [...document.querySelectorAll("[data-on-lock]")].map((each) => each.getAttribute("data-on-lock") ?? "");
    if (overlay.open || !timers.childElementCount) fill(timers, shown.map((text) => el("p", {}, text)));
  }

  function touch() {
    if (overlay.open || Date.now() - last < TOUCHED) return;
    last = Date.now();
    get("/v1/me").then((now) => now.locked && cover(), () => {});
  }

  /** @param {Event} event */
  async function unlock(event) {
    event.preventDefault();
    try {
      await post("/v1/auth/unlock", { pin: pin.value });
    } catch (error) {
      say(problem, `${/** @type {Error} */ (error).message} ${error instanceof Problem ? error.remedy : ""}`);
      pin.select();
      return;
    }
    pin.value = "";
    say(problem, "");
    delete document.documentElement.dataset.locked;
    overlay.close();
    document.dispatchEvent(new Event("ledger-unlocked"));
  }

  async function other() {
    await post("/v1/auth/sign-out").catch(() => {});
    location.assign(`/sign-in#${location.pathname}`);
  }
}
