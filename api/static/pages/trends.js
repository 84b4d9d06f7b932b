/** How often rules were broken by rule, place, room or weekday, and what was written down late; no small groups. */

import { evidence, said, table, utc } from "./answer_table.js";
import { asked } from "./board_links.js";
import { advise, advice } from "./board_trouble.js";
import { el, fill } from "./dom.js";
import { frame } from "./frame.js";
import { get } from "./http.js";
import { asOf, offerPast } from "./past.js";

const FILTERS = ["by", "per", "from", "to", "place"];

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function start() {
  advise(byId("notice"), null);
  await frame();
  const form = /** @type {HTMLFormElement} */ (byId("filters"));
  for (const name of FILTERS) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    field.value = asked(name) ?? field.value;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(asOf(`/trends${query(form)}`));
  });
  offerPast(/** @type {Element} */ (document.querySelector("main")));
  const answer = await get(asOf(`/v1/findings/trends${query(form)}`));
  byId("computed").textContent = `Computed at ${answer.position} entries, as of ${utc(answer.as_of)}.`;
  fill(byId("figures"), ...answer.figures.map((/** @type {any} */ each) => el("div", {}, el("dt", {}, each.title), el("dd", {}, said(each.value, "words"), " ", evidence(each.evidence)))));
  fill(byId("rows"), ...(answer.rows.length ? table(answer, lists) : [el("caption", { class: "empty" }, "Too few sessions for anything to be shown, or none.")]));
  fill(byId("notes"), ...answer.notes.map((/** @type {string} */ each) => el("li", {}, each)));

  /** The findings behind a row, as a list; of a weekday there is no such list. @param {any} row */
  function lists({ values: { group } }) {
    const by = answer.filters.by;
    const there = answer.filters.place ? `&place=${encodeURIComponent(answer.filters.place)}` : "";
    if (by === "rule") return asOf(`/findings?state=any&rule=${encodeURIComponent(group)}${there}`);
    return by === "site" && group !== "–" ? asOf(`/findings?state=any&place=${encodeURIComponent(group)}`) : null;
  }
}

/** @param {HTMLFormElement} form */
function query(form) {
  const given = FILTERS.map((name) => [name, /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim()]).filter(([, value]) => value);
  return `?${new URLSearchParams(given)}`;
}

start().catch((error) => advise(byId("notice"), advice(error)));
