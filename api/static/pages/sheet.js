/**
 * A sheet: the form of one action, over the card of the partner it is about; the other's timer stays in sight.
 *
 * It says whose it is on top and again on its confirm button. A refusal is shown inside, and nothing entered is lost.
 */

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { refusal } from "./refusal.js";

/** @typedef {"a" | "b" | null} Side */
/** @typedef {{label: string, run: () => Promise<any>, danger?: boolean}} Confirm */

/**
 * @param {{slot: Side, action: string, title: string}} about
 * @returns what an action fills: `show` a step with its confirm button, `close`, `fail`
 */
export function openSheet({ slot, action, title }) {
  const body = el("form", { class: "sheet-body", autocomplete: "off", onsubmit: (/** @type {Event} */ event) => event.preventDefault() });
  const trouble = el("div", { class: "trouble", role: "alert" });
  const foot = el("div", { class: "sheet-foot" });
  const close = () => dialog.close();
  const others = el("p", { class: "others", "data-others": true });
  const mirror = () => {
    const cards = [...document.querySelectorAll("[data-card]")].filter((card) => card.getAttribute("data-card") !== slot);
    others.textContent = cards.map((card) => card.getAttribute("data-on-lock")).join("   ");
  };
  const ticking = setInterval(mirror, 1000);
  mirror();
  const dialog = /** @type {HTMLDialogElement} */ (
    el(
      "dialog",
      { class: `sheet ${slot ? `side-${slot}` : "joint"}`, "aria-labelledby": "sheet-title", "data-sheet": action, "data-slot": slot },
      el(
        "header",
        {},
        slot && el("span", { class: "letter", "aria-hidden": "true" }, slot.toUpperCase()),
        el("div", { class: "sheet-title" }, el("h2", { id: "sheet-title" }, title), others),
        el("button", { type: "button", class: "quiet square", "aria-label": "Close without recording", "data-action": "close", onclick: close }, icon("cross")),
      ),
      body,
      trouble,
      foot,
    )
  );
  dialog.addEventListener("close", () => {
    clearInterval(ticking);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();

  return {
    dialog,
    close,

    /** One step. @param {import("./dom.js").Child[]} content @param {Confirm | null} confirm */
    show(content, confirm) {
      fill(body, content);
      fill(trouble);
      const button = confirm && el("button", { type: "button", class: confirm.danger ? "danger" : "primary", "data-action": "confirm" }, confirm.label);
      button?.addEventListener("click", () => this.attempt(/** @type {HTMLButtonElement} */ (button), confirm.run));
      fill(foot, el("button", { type: "button", "data-action": "cancel", onclick: close }, "Cancel"), button);
      /** @type {HTMLElement | null} */ (body.querySelector("[autofocus], input, button"))?.focus();
    },

    /** Run once, however often it is tapped. @param {HTMLButtonElement} button @param {() => Promise<any>} run */
    async attempt(button, run) {
      if (button.disabled) return;
      button.disabled = true;
      dialog.setAttribute("aria-busy", "true");
      fill(trouble);
      try {
        await run();
      } catch (error) {
        this.fail(/** @type {Error} */ (error));
      }
      dialog.removeAttribute("aria-busy");
      button.disabled = false;
    },

    /** Say why not, in place. @param {Error} error */
    fail(error) {
      fill(trouble, refusal(error));
      trouble.tabIndex = 0; // it may be long, and then scrolls by itself
      trouble.scrollIntoView({ block: "nearest" });
    },

    /** @param {string} text */
    relabel(text) {
      fill(/** @type {Element} */ (foot.querySelector("[data-action=confirm]")), text);
    },
  };
}
