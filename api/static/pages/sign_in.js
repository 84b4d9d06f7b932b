/** Signing in; whoever was sent here goes back to where they were. */

import { say } from "./dom.js";
import { frame } from "./frame.js";
import { post } from "./http.js";

const { ledger } = await frame({ open: true });
if (!ledger.set_up) location.replace("/set-up");
const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
const problem = /** @type {Element} */ (document.querySelector("[role=alert]"));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { staff, password } = Object.fromEntries(new FormData(form));
  try {
    await post("/v1/auth/sign-in", { staff, password });
  } catch (error) {
    const { message, remedy = "" } = /** @type {any} */ (error);
    return say(problem, `${message} ${remedy}`);
  }
  const back = location.hash.slice(1) || (new URLSearchParams(location.search).get("back") ?? "");
  location.assign(/^\/[a-z]/.test(back) ? back : "/");
});
form.setAttribute("data-ready", "");
