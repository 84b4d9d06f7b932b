/** Choosing a password and a PIN, with a code that was given out once: set-up, and an invitation. */

import { say } from "./dom.js";
import { frame } from "./frame.js";
import { post } from "./http.js";

await frame({ open: true });
const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const problem = /** @type {Element} */ (document.querySelector("[role=alert]"));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = new FormData(form);
  const { again, ...body } = Object.fromEntries([...said].filter(([name]) => name !== "roles"));
  if (again !== body.pin) return say(problem, "The two PINs differ.");
  const roles = said.getAll("roles");
  try {
    await post(/** @type {string} */ (form.dataset.to), form.dataset.to === "/v1/setup" ? { ...body, roles } : body);
  } catch (error) {
    const { message, remedy = "" } = /** @type {any} */ (error);
    return say(problem, `${message} ${remedy}`);
  }
  location.assign("/sign-in");
});
form.setAttribute("data-ready", "");
