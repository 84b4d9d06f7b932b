/** What stands between couples and their sessions: the sessions ahead, one of them, or a couple that is not planned. */

import { utc } from "./answer_table.js";
import { asked, named, uuidOf } from "./board_links.js";
import { sign } from "./board_svg.js";
import { advise, advice } from "./board_trouble.js";
import { el, fill, say } from "./dom.js";
import { frame } from "./frame.js";
import { glassForm } from "./glass.js";
import { get } from "./http.js";
import { asOf, isPast, offerPast } from "./past.js";
import { countOf, headline, inWords, sessionNode } from "./prepare_session.js";
import { follow } from "./stream.js";
import { dayAndTime } from "./times.js";

const LONGEST = 60_000;
/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const { me } = await frame();
const [uuid, couple, partner] = [named(), asked("couple"), asked("partner")];
const path = uuid ? `/v1/sessions/${uuid}/readiness${partner ? `?partner=${partner}` : ""}` : couple ? `/v1/couples/${encodeURIComponent(couple)}/readiness` : `/v1/readiness${asked("days") ? `?days=${asked("days")}` : ""}`;
/** A list asks every gate of every session, so it waits longer. */
const BREATH = uuid || couple ? 1000 : 4000;
let [atLeast, isAsking, askAgain, timer, shown, isLive] = [0, false, false, 0, "", true];

byId("back").hidden = !uuid && !couple;
/** @type {HTMLAnchorElement} */ (byId("back").firstElementChild).href = asOf("/prepare");
document.addEventListener("ledger-unlocked", load);
await load();
offerPast(/** @type {Element} */ (document.querySelector("main")), Intl.DateTimeFormat().resolvedOptions().timeZone);

/** Ask, and put the answer on the page; who asks meanwhile is answered right after. */
async function load() {
  if (isAsking) return void (askAgain = true);
  isAsking = true;
  try {
    const found = await get(asOf(atLeast && !isPast() ? `${path}${path.includes("?") ? "&" : "?"}at_least=${atLeast}` : path));
    advise(byId("notice"), null);
    put(found);
    if (!atLeast) watch(found.position);
    atLeast = Math.max(atLeast, found.position);
    wait(found);
  } catch (error) {
    if (!shown || [401, 403, 404].includes(/** @type {any} */ (error).status)) trouble(/** @type {any} */ (error));
    else byId("computed").textContent = "Not live: the last answer is shown. It is asked again by itself.";
  }
  isAsking = false;
  byId("place").setAttribute("data-ready", "");
  if (askAgain) {
    askAgain = false;
    void load();
  }
}

/** @param {any} error */
function trouble(error) {
  fill(byId("place"));
  byId("title").hidden = true;
  advise(byId("notice"), advice(error), "h1");
  const session = error.code === "not-in-care" && error.errors[0]?.pointer.split("/")[2];
  if (session) byId("notice").append(glassForm(session, () => location.reload()));
}

/** Draw it, when anything but the time is another; whoever has the keyboard keeps their place. @param {any} found */
function put(found) {
  const { position, as_of, ...rest } = found;
  byId("computed").textContent = `Computed at ${position} entries, as of ${utc(as_of)}. ${isPast() ? "" : isLive ? "Live." : "Not live: asked again when the network is back."}`;
  const now = `${JSON.stringify(rest)} ${isPast() ? "" : as_of.slice(0, 16)}`;
  if (now === shown) return;
  shown = now;
  const key = document.activeElement?.getAttribute("data-key");
  const open = [...byId("place").querySelectorAll("details[open]")].map((each) => each.getAttribute("data-key"));
  byId("title").hidden = false;
  if (found.sessions) {
    byId("lead").textContent = "Which gates would be closed when each begins, if nothing more were recorded.";
    fill(byId("place"), listNode(found.sessions), found.later > 0 && el("p", { class: "quiet" }, `${found.later} planned for later.`, " ", el("a", { href: asOf("/prepare?days=400"), "data-key": "later" }, "Show them")), coupleForm());
    say(byId("said"), `${found.sessions.length} ahead`);
  } else {
    byId("title").textContent = headline(found);
    byId("lead").textContent = found.session ? `What the desk would ${isPast() ? "have refused then" : "refuse now"}, by which rule, and what opens it.` : "What each would lack if they were planned and opened now.";
    fill(byId("place"), sessionNode(found, { me, zone: found.zone, now: Date.parse(as_of), session: found.session, partner }));
    say(byId("said"), inWords(countOf(found)));
  }
  for (const each of byId("place").querySelectorAll("details")) /** @type {HTMLDetailsElement} */ (each).open = open.includes(each.getAttribute("data-key"));
  if (key) /** @type {HTMLElement | null} */ (byId("place").querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus();
}

/** @param {any[]} sessions */
function listNode(sessions) {
  if (!sessions.length) return el("div", { class: "empty" }, el("p", {}, "No session is planned or open."), el("p", {}, "A scheduler plans one; it then appears here by itself."));
  return el("ul", { class: "prepare-list" }, sessions.map((each) => el("li", { "data-session": uuidOf(each.session) }, card(each))));
}

/** @param {any} session */
function card(session) {
  const where = el("span", {}, el("strong", {}, session.couple_code ?? "–"), ` · ${session.starts ? dayAndTime(session.starts, session.zone) : "no day"} · ${session.location_code ?? "–"}${session.status === "open" ? " · open" : ""}`);
  const mark = session.in_care ? el("span", { class: `chip tone-${session.missing ? "bad" : "good"}`, "data-missing": session.missing }, sign(session.missing ? "cross" : "check"), inWords(session.missing)) : el("span", { class: "chip" }, "Not in your care");
  return el("a", { href: asOf(`/prepare/${uuidOf(session.session)}`), "data-key": session.session }, where, mark, session.acts.length > 0 && el("span", { class: "lines" }, session.acts.filter((/** @type {any} */ each) => each.standing === "ahead").map(line).join(" · ")));
}

/** @param {any} act */
function line(act) {
  const name = `${act.act === "opening" ? "Opening" : `${act.slot.toUpperCase()}, ${act.act}`}`;
  const day = act.on_the_day ? `${act.missing ? ", " : ""}${act.on_the_day} on the day` : "";
  return `${name}: ${act.missing || !day ? (act.missing ? `${act.missing} missing` : "ready") : ""}${day}`;
}

/** A couple that nobody planned is asked about by its code. */
function coupleForm() {
  const form = el("form", { class: "prepare-couple" }, el("div", { class: "field" }, el("label", { for: "couple" }, "A couple that is not planned, by code"), el("input", { id: "couple", name: "couple", autocomplete: "off", maxlength: 100, placeholder: "C-07", required: true, "data-key": "couple" })), el("button", { type: "submit", "data-action": "couple", "data-key": "couple-go" }, "What is missing?"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(asOf(`/prepare?couple=${encodeURIComponent(/** @type {HTMLInputElement} */ (form.querySelector("input")).value.trim())}`));
  });
  return form;
}

/** Ask again when something was recorded, by anybody and anywhere: once a second at most. @param {number} size */
function watch(size) {
  if (isPast()) return;
  let soon = 0;
  follow(size, {
    grown: (last) => {
      atLeast = Math.max(atLeast, last);
      soon ||= setTimeout(() => {
        soon = 0;
        void load();
      }, BREATH);
    },
    alive: (is) => {
      isLive = is;
      if (is) void load();
    },
  });
}

/** Ask again at the next second at which a gate changes by itself, and each minute, because ages are shown. @param {any} found */
function wait(found) {
  if (isPast()) return;
  clearTimeout(timer);
  const changes = (found.acts ?? []).flatMap((/** @type {any} */ act) => act.gates.map((/** @type {any} */ gate) => gate.change && Date.parse(gate.change.at))).filter(Boolean);
  const next = Math.min(...changes, Infinity) - Date.parse(found.as_of);
  timer = setTimeout(load, Math.min(Math.max(next + BREATH, 1000), LONGEST));
}
