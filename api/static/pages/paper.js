/** A paper day: the scan's hash, the sheet's head, its lines; checked whole, signed as typing, handed in. */

import { sha256Hex } from "../signing/crypto.js";
import { typeWord } from "./board_words.js";
import { el, fill } from "./dom.js";
import { frame } from "./frame.js";
import { get, post } from "./http.js";
import { keyOf, refreshKeyring } from "./keyring.js";
import { paperLine } from "./paper_line.js";
import { showMine } from "./paper_mine.js";
import { signAndHandIn } from "./paper_signing.js";
import { refusal } from "./refusal.js";

const REASONS = [["tablets-down", "The tablets were down"], ["network-down", "The network was down"], ["power-cut", "The power was cut"], ["away-from-clinic", "It was away from the clinic"], ["other", "Something else"]];
const SESSION = "Session";
const { me } = await frame();
const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-sheet-form]"));
const mine = /** @type {HTMLElement} */ (document.querySelector("[data-mine]"));
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
/** @type {any[]} */
let lines = [];
let numbers = 0;
let scan = "";
let unsaved = false;

try {
  const [, shapes, { sessions }, { colleagues }] = await Promise.all([refreshKeyring(), get("/v1/shapes"), get("/v1/sessions"), get("/v1/colleagues")]);
  draw(shapes, sessions, colleagues);
  await showMine(mine, me);
} catch (error) {
  fill(form, refusal(/** @type {Error} */ (error)));
}
main.setAttribute("data-ready", "");
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());

/** @param {Record<string, any>} shapes @param {any[]} sessions @param {{code: string, roles: string[]}[]} colleagues */
function draw(shapes, sessions, colleagues) {
  const file = box("scan", { type: "file", required: true, accept: "application/pdf,image/*" });
  const hash = el("p", { class: "hash", role: "status", "data-hash": true }, "No scan chosen yet. Only its hash goes into the record: keep the file.");
  const session = select("session", sessions.map((each) => [each.session.split("/")[1], `${each.couple_code}, session ${each.ordinal}, ${each.date}`]));
  const date = box("date", { type: "date", required: true });
  const zone = box("zone", { required: true, value: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const pages = box("pages", { type: "number", min: 1, max: 200, value: 1, required: true });
  const title = box("title", { required: true, placeholder: "Saturday, both partners" });
  const reason = select("reason", REASONS);
  const role = select("role", me.roles.filter((each) => each !== "security-officer").map((each) => [each, each.replaceAll("-", " ")]));
  const others = box("others", { placeholder: "RN7=nurse, MD2=prescriber" });
  const fresh = box("fresh", { placeholder: "own-A" });
  const earlier = box("earlier", { placeholder: "order-A=57" });
  const list = el("div", { "data-lines": true });
  const told = el("div", { role: "alert", "data-told": true });
  const check = el("button", { type: "submit", class: "primary", "data-action": "check" }, "Check the sheet");
  const confirm = el("div", { "data-confirm": true });
  const add = el("button", { type: "button", "data-action": "add-line", onclick: () => another().first.focus() }, "Add a line");
  const day = () => (date.value = sessions.find((each) => each.session.endsWith(session.value))?.date ?? date.value);

  const another = () => {
    const line = paperLine({ number: ++numbers, shapes, like: lines.at(-1), remove });
    lines.push(line);
    list.append(line.node);
    return line;
  };
  function remove(/** @type {any} */ line) {
    lines = lines.filter((each) => each !== line);
    line.node.remove();
    add.focus();
  }

  fill(
    form,
    el(
      "section",
      { class: "panel paper-head" },
      el("h2", { class: "wide" }, "The sheet"),
      el("div", { class: "wide" }, labelled("Scan of all pages, in one file", file), hash),
      labelled("Which session", session), labelled("What the sheet is called", title), labelled("Day of the sheet", date), labelled("Time zone of the clock on the wall", zone),
      labelled("Pages of the scan", pages), labelled("Why it was kept on paper", reason), labelled("You type as", role),
      el(
        "details",
        { class: "wide" },
        el("summary", {}, "Names that are not known here"),
        labelled("People on the paper without an account, with their role", others),
        labelled("Containers handed in that day", fresh),
        labelled("Earlier entries that lines refer to, by position", earlier),
      ),
      el("datalist", { id: "paper-staff" }, colleagues.map(({ code }) => el("option", { value: code }))),
    ),
    el("h2", {}, "Its lines, as they are numbered on the paper"),
    el("p", {}, "Write values as on paper: 124/78, 100 mg, 97, yes. What the paper does not say stays empty."),
    list,
    el("div", { class: "paper-foot" }, add, check),
    told,
  );
  form.after(confirm);
  session.addEventListener("change", day);
  day();
  another();
  form.addEventListener("input", () => {
    unsaved = true;
    fill(confirm);
  });
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    scan = chosen ? await sha256Hex(new Uint8Array(await chosen.arrayBuffer())) : "";
    fill(hash, scan ? `SHA-256 ${scan}` : "No scan chosen yet.");
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fill(confirm);
    for (const line of lines) line.say([], false);
    await attempt(check, told, async () => {
      const key = keyOf(me.owner);
      if (!key) throw new Error("Your key is not on this tablet: see Keys.");
      const asked = { sheet: JSON.stringify(sheet()), document: scan, key: key.kid, role: role.value };
      showPlan(await post("/v1/paper-days", asked), asked);
    });
  });

  /** The sheet as a file would have it. */
  function sheet() {
    const known = new Map(colleagues.map((each) => [each.code, each.roles.filter((name) => name !== "security-officer")]));
    for (const [code, roles] of pairs(others.value)) known.set(code, roles.split("+"));
    const named = new Set(lines.flatMap((line) => line.read(SESSION).by).filter((who) => who !== "A" && who !== "B"));
    const anew = fresh.value.split(",").map((each) => each.trim()).filter(Boolean);
    const containers = new Set([...anew, ...lines.map((line) => line.names().container).filter(Boolean)]);
    return {
      "paper-day": title.value.trim(), zone: zone.value.trim(), date: date.value, pages: pages.value, reason: reason.value,
      cast: {
        staff: Object.fromEntries([...named].map((code) => [code, { roles: known.get(code) ?? [] }])),
        sessions: { [SESSION]: { on: session.value, a: "A", b: "B" } },
        ...(containers.size && { stock: Object.fromEntries([...containers].map((code) => [code, anew.includes(code) ? { new: "yes" } : {}])) }),
      },
      earlier: Object.fromEntries(pairs(earlier.value)),
      lines: lines.map((line) => line.read(SESSION)),
    };
  }

  /** What the sheet becomes, line by line, and the step in which it is signed. @param {any} plan @param {any} asked */
  function showPlan(plan, asked) {
    for (const problem of plan.problems) {
      const line = lines.find((each) => String(each.number) === problem.line);
      const words = [el("p", { class: "refusal" }, `${problem.field ? `${problem.field}: ` : ""}${problem.message} ${problem.remedy}`)];
      if (line) line.say(words, true);
      else fill(told, ...words);
    }
    for (const each of plan.lines) {
      const state = each.position === null ? (each.doubt ? `Right as it stands, but ${each.doubt}.` : "Right as it stands.") : `Recorded already, as event ${each.position}.`;
      lines.find(({ number }) => String(number) === String(each.line))?.say([el("p", {}, state)], false);
    }
    if (plan.problems.length) {
      lines.find((each) => each.node.hasAttribute("data-wrong"))?.first.focus();
      return;
    }
    const fresh = plan.lines.filter((/** @type {any} */ each) => each.position === null);
    if (!fresh.length) {
      fill(confirm, el("p", {}, "All of it is recorded already."));
      return;
    }
    const pin = /** @type {HTMLInputElement} */ (box("pin", { type: "password", inputmode: "numeric", maxlength: 12 }));
    const button = el("button", { type: "submit", class: "primary", "data-action": "sign-sheet" }, `Sign and record ${fresh.length} line${fresh.length > 1 ? "s" : ""}`);
    const trouble = el("div", { role: "alert" });
    const signing = el("form", { class: "panel", autocomplete: "off" });
    signing.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(button, trouble, async () => {
        if (!pin.value) throw new Error("Confirm with your PIN.");
        await post("/v1/auth/pin", { staff: me.owner, pin: pin.value }).finally(() => (pin.value = ""));
        const declares = plan.items[0]?.line === null;
        const results = await signAndHandIn(plan.items, me, declares);
        const bad = results.findIndex((/** @type {any} */ each) => !["recorded", "repeated"].includes(each.result));
        if (bad >= 0) throw Object.assign(new Error(`Line ${plan.items[bad].line ?? "of the sheet itself"} was not recorded: ${results[bad].problem?.detail ?? results[bad].result}`), results[bad].problem ?? {});
        unsaved = false;
        showPlan(await post("/v1/paper-days", asked), asked);
        fill(confirm, el("p", { role: "status", "data-recorded": String(fresh.length) }, `Recorded: ${fresh.length} line${fresh.length > 1 ? "s" : ""}. Those whom the sheet names now sign for what they did; until then it is pending.`));
        await showMine(mine, me);
      });
    });
    fill(
      signing,
      el("h2", {}, "You sign that you typed this as it stands on the paper"),
      el("ul", {}, fresh.map((/** @type {any} */ each) => el("li", {}, `Line ${each.line}, ${each.at.slice(11, 16)}: ${typeWord(each.type)}${each.doubt ? `, ${each.doubt}` : ""}`))),
      labelled("Your PIN", pin),
      trouble,
      button,
    );
    fill(confirm, signing);
    pin.focus();
  }
}

/** Do it once at a time, and say in place why not. @param {Element} button @param {Element} into @param {() => Promise<any>} run */
async function attempt(button, into, run) {
  if (button.hasAttribute("disabled")) return;
  button.setAttribute("disabled", "");
  fill(into);
  try {
    await run();
  } catch (error) {
    fill(into, refusal(/** @type {Error} */ (error)));
  }
  button.removeAttribute("disabled");
}

/** `a=b, c=d` as pairs. @param {string} text @returns {[string, string][]} */
function pairs(text) {
  const parts = text.split(",").map((each) => each.split("=").map((part) => part.trim()));
  return parts.filter(([name, value]) => name && value).map(([name, value]) => [name, value]);
}

/** @param {string} name @param {Record<string, any>} [attributes] */
function box(name, attributes = {}) {
  return /** @type {HTMLInputElement} */ (el("input", { id: `paper-${name}`, name, type: "text", autocomplete: "off", ...attributes }));
}

/** @param {string} name @param {string[][]} options */
function select(name, options) {
  return /** @type {HTMLSelectElement} */ (el("select", { id: `paper-${name}`, name }, options.map(([value, words]) => el("option", { value }, words))));
}

/** @param {string} words @param {HTMLElement} field */
function labelled(words, field) {
  return el("div", { class: "field" }, el("label", { for: field.id }, words), field);
}
