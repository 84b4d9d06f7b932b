/** One question and its answer: what it was asked of, the numbers, the rows, and the signed events behind each. */

import { evidence, said, showRows, utc } from "./answer_table.js";
import { asked, named } from "./board_links.js";
import { advise, advice } from "./board_trouble.js";
import { el, fill } from "./dom.js";
import { frame } from "./frame.js";
import { get } from "./http.js";
import { asOf, offerPast } from "./past.js";

const WORDS = {
  from: "From, a local day",
  to: "To, a local day",
  location: "Place",
  session: "Session",
  couple: "Couple",
  person: "Participant",
  container: "Container",
  lot: "Lot",
  staff: "Staff",
  device: "Device",
  at: "At, an instant",
};

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function start() {
  advise(byId("notice"), null);
  await frame();
  const { questions } = await get("/v1/questions");
  const question = questions.find((/** @type {any} */ each) => each.name === named());
  if (!question) return advise(byId("notice"), { name: "not-found", sign: "none", title: "There is no such question", text: "All questions are listed one page up." });
  document.title = `${question.title} · ${document.title.split(" · ").slice(1).join(" · ")}`;
  fill(byId("title"), /^\d+$/.test(question.name) && el("span", { class: "chip" }, question.name), ` ${question.title}`);
  fill(byId("reading"), ...question.reading.split("`").map((/** @type {string} */ part, /** @type {number} */ at) => (at % 2 ? el("code", {}, part) : part)));
  offerFilters(question.takes);
  offerPast(/** @type {Element} */ (document.querySelector("main")));
  await show(question);
}

/** @param {string[]} takes */
function offerFilters(takes) {
  const form = /** @type {HTMLFormElement} */ (byId("filters"));
  const field = (/** @type {string} */ name) => {
    const isDay = name === "from" || name === "to";
    const label = /** @type {Record<string, string>} */ (WORDS)[name] ?? name.replaceAll("_", " ");
    const given = asked(name) ?? "";
    const kind = isDay && (!given || /^\d{4}-\d\d-\d\d$/.test(given)) ? "date" : "text";
    return el("div", { class: "field" }, el("label", { for: name }, label), el("input", { id: name, name, type: kind, value: given, autocomplete: "off", maxlength: 100 }));
  };
  fill(form, ...takes.map(field), el("button", { type: "submit", "data-action": "ask" }, "Ask"), takes.some(asked) && el("a", { class: "button", href: asOf(location.pathname) }, "Ask of everything"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value);
    location.assign(asOf(`${location.pathname}${given.length ? `?${new URLSearchParams(given)}` : ""}`));
  });
}

/** @param {{name: string, takes: string[], empty: string}} question */
async function show(question) {
  const given = question.takes.map((name) => [name, asked(name) ?? ""]).filter(([, value]) => value);
  byId("computed").textContent = "Asking…";
  const answer = await get(asOf(`/v1/questions/${question.name}${given.length ? `?${new URLSearchParams(given)}` : ""}`)).catch((error) => {
    byId("computed").textContent = "";
    throw error;
  });
  const applied = Object.entries(answer.filters).map(([name, value]) => `${name} ${value}`).join(", ");
  byId("computed").textContent = `${answer.rows.length === 1 ? "1 row" : `${answer.rows.length} rows`}, computed at ${answer.position} entries, as of ${utc(answer.as_of)}; ${applied ? `asked of ${applied}` : "asked of everything"}.`;
  fill(byId("figures"), ...answer.figures.map((/** @type {any} */ each) => el("div", {}, el("dt", {}, each.title), el("dd", {}, said(each.value, "words"), " ", evidence(each.evidence)))));
  if (answer.rows.length) showRows(/** @type {HTMLTableElement} */ (byId("rows")), byId("more"), answer);
  else fill(byId("rows"), el("caption", { class: "empty" }, answer.columns.length ? "None." : "This question is answered by the numbers above."));
  fill(byId("notes"), ...answer.notes.map((/** @type {string} */ each) => el("li", {}, each)));
}

start().catch((error) => advise(byId("notice"), advice(error)));
