/** What a person does about an answer that did not come, or was no; and putting that on a page. */

import { el, fill } from "./dom.js";
import { Problem } from "./http.js";
import { sign } from "./board_svg.js";

/** @typedef {{name: string, sign: Parameters<typeof sign>[0], title: string, text: string, link?: [string, string]}} Advice */

/** Whether asking again is useless until somebody has done something at this screen. @param {unknown} error */
export const isStopped = (error) => error instanceof Problem && [401, 403, 423].includes(error.status);

/** @param {any} error @returns {Advice} */
export function advice(error) {
  const door = `/sign-in?back=${encodeURIComponent(location.pathname)}`;
  switch (error instanceof Problem ? error.status : 0) {
    case 401:
      return { name: "signed-out", sign: "key", title: "Nobody is signed in at this screen", text: "Sign in, and this page comes back.", link: [door, "Sign in"] };
    case 423:
      return { name: "locked", sign: "lock", title: "This screen is locked", text: "Open it with your PIN, and this page comes back.", link: [door, "Unlock"] };
    case 403:
      return { name: "not-allowed", sign: "lock", title: "This is not for your role", text: error.remedy || error.message };
    case 404:
      return { name: "not-found", sign: "none", title: "There is nothing here", text: `${error.message} Check the address for a slip.` };
    case 503:
      return { name: "catching-up", sign: "waiting", title: "The service is catching up", text: "It has not read that far yet. Ask again in a moment." };
    default:
      return {
        name: error.code ?? "page",
        sign: "broken",
        title: error.code === "unreachable" ? "The service does not answer" : `This did not work: ${error.message}`,
        text: error.code === "unreachable" ? "Check the network of this screen, and whether the service runs." : error.remedy || "Ask again; if it stays so, tell who runs the service.",
      };
  }
}

/** Put advice in a place, once; without any the place is hidden. `heading` is h1 where the page has nothing else to say. @param {HTMLElement} place @param {Advice | null} given */
export function advise(place, given, heading = "h2") {
  const said = given ? `${given.name} ${given.text}` : "";
  if (place.dataset.said === said) return;
  place.dataset.said = said;
  place.dataset.name = given?.name ?? "";
  place.hidden = !given;
  if (!given) return fill(place);
  const { title, text, link } = given;
  fill(place, el(heading, {}, sign(given.sign), title), el("p", {}, text), link && el("p", {}, el("a", { href: link[0], class: "button" }, link[1])));
}
