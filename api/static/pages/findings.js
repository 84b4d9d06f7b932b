/** The findings: the gravest and oldest first, each with its state, and a way to everything behind it. */

import { utc } from "./answer_table.js";
import { asked, findingLink } from "./board_links.js";
import { sign } from "./board_svg.js";
import { advise, advice } from "./board_trouble.js";
import { SEVERITIES, whoseInWords } from "./board_words.js";
import { el, fill } from "./dom.js";
import { age, STATES, stateWords } from "./finding_state.js";
import { frame } from "./frame.js";
import { get } from "./http.js";
import { asOf, offerPast } from "./past.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const FILTERS = ["state", "rule", "place", "older_than"];
const GRAVITY = Object.keys(SEVERITIES);

async function start() {
  await frame();
  const form = /** @type {HTMLFormElement} */ (byId("filters"));
  for (const name of FILTERS) /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = asked(name) ?? (name === "state" ? "unclosed" : "");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(asOf(`/findings${query(form)}`));
  });
  const { findings, position, as_of } = await get(asOf(`/v1/findings${query(form)}`));
  const found = findings.sort(graver);
  fill(byId("findings"), found.map(card), !found.length && el("li", {}, "None."));
  byId("count").textContent = `${found.length} found, computed at ${position} entries, as of ${utc(as_of)}.`;
  advise(byId("notice"), null);
  offerPast(/** @type {Element} */ (document.querySelector("main")));
}

/** @param {any} one @param {any} other */
const graver = (one, other) => GRAVITY.indexOf(one.severity) - GRAVITY.indexOf(other.severity) || (other.age_days ?? 0) - (one.age_days ?? 0);

/** @param {any} finding */
function card(finding) {
  const { sign: mark, tone } = STATES[finding.state];
  const where = [finding.place.code, finding.place.room, finding.session ? whoseInWords(finding) : null].filter(Boolean).join(", ");
  return el(
    "li",
    { "data-finding": finding.id, "data-state": finding.state },
    el(
      "a",
      { href: findingLink(finding) },
      el("span", { class: "chips" }, el("span", { class: `chip tone-${tone}` }, sign(mark), stateWords(finding)), el("span", { class: "chip" }, finding.rule), el("span", { class: "chip" }, SEVERITIES[finding.severity]), el("span", { class: "quiet" }, [where, age(finding)].filter(Boolean).join(", "))),
      el("span", {}, finding.sentence),
    ),
  );
}

/** @param {HTMLFormElement} form */
function query(form) {
  const given = FILTERS.map((name) => [name, /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim()]).filter(([, value]) => value);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

start().catch((error) => advise(byId("notice"), advice(error)));
