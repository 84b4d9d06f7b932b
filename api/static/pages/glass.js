/** Breaking the glass: whoever is not in the care of these people says why, and is in. */

import { el, fill } from "./dom.js";
import { choice } from "./fields.js";
import { post } from "./http.js";
import { icon } from "./icons.js";
import { refusal } from "./refusal.js";

/** Words that are recorded, and how they are said. @type {[string, string][]} */
export const REASONS = [
  ["emergency", "An emergency"],
  ["covering", "I cover for a colleague"],
  ["called-to-help", "I was called to help"],
  ["asked-by-participant", "One of them asks me to"],
  ["other", "Something else"],
];

/**
 * The form that opens a session which is not theirs to open; `opened` is called once it is.
 *
 * @param {string} uuid @param {() => any} opened
 */
export function glassForm(uuid, opened) {
  const why = choice("reason", "Why can it not wait?", REASONS);
  const trouble = el("div", { role: "alert" });
  const button = el("button", { type: "submit", class: "danger", "data-action": "break-glass" }, "Break the glass");
  const form = el(
    "form",
    { class: "panel", "data-glass": uuid },
    el("p", {}, icon("warning"), "This opens both partners’ records to you for twelve hours. It is recorded with your name and reason, and compliance reviews it."),
    why.node,
    trouble,
    button,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = why.read();
    if (!reason) {
      fill(trouble, el("p", { class: "refusal" }, "Say why."));
      /** @type {HTMLElement} */ (form.querySelector("input")).focus();
      return;
    }
    button.setAttribute("disabled", "");
    try {
      await post(`/v1/sessions/${uuid}/glass`, { reason });
      opened();
    } catch (error) {
      fill(trouble, refusal(/** @type {Error} */ (error)));
      button.removeAttribute("disabled");
    }
  });
  return form;
}
