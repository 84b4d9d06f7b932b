/** This tablet's keys: whose they are, whether they count, how to get one; and practice keys on practice ledgers. */

import { fromBase64 } from "../signing/base64.js";
import { toHex } from "../signing/bytes.js";
import { forgetKey, importPracticeSeed, listKeys } from "../signing/keys.js";
import { el, fill, say } from "./dom.js";
import { askForKeys, enrolDeviceNow } from "./enrolment.js";
import { frame } from "./frame.js";
import { get, post } from "./http.js";
import { forgetPin, pin } from "./pinned.js";
import { refusal } from "./refusal.js";

const { ledger, me } = await frame();
const find = (/** @type {string} */ what) => /** @type {HTMLElement} */ (document.querySelector(`[data-${what}]`));
const trouble = find("trouble");
const STATES = { valid: "Counts", waiting: "Waits for an officer", revoked: "Revoked", quarantined: "Revoked" };

const [shapes] = await Promise.all([get("/v1/shapes")]);
const { sessions } = await get("/v1/sessions").catch(() => ({ sessions: [] }));

async function show() {
  const [known, here] = await Promise.all([get("/v1/keys"), listKeys({ ledger: pin()?.origin ?? "" })]);
  const state = new Map(known.keys.map((/** @type {any} */ key) => [key.kid, key]));
  const rows = here.map((key) => ({ key, said: state.get(key.kid) })).sort((one, other) => one.key.owner.localeCompare(other.key.owner));
  fill(find("keys"), rows.length ? rows.map(row) : el("tr", {}, el("td", { colspan: 4 }, "No key lies on this tablet yet.")));
  const officers = known.keys.filter((/** @type {any} */ key) => key.officer && key.state === "valid" && key.owner !== me.owner);
  for (const select of document.querySelectorAll("select[name=officer]")) fill(select, officers.map((/** @type {any} */ key) => el("option", { value: key.kid, "data-owner": key.owner }, key.code)));
  fill(find("slots"), sessions.filter((/** @type {any} */ each) => each.status !== "closed").map((/** @type {any} */ each) => el("option", { value: each.session }, `${each.couple_code} · session ${each.ordinal} · ${each.date}`)));
  document.querySelector("main")?.setAttribute("data-ready", "");
}

/** @param {{key: any, said: any}} row */
function row({ key, said }) {
  const slot = /^session\/(.+)\/([ab])$/.exec(key.owner);
  const of = slot && sessions.find((/** @type {any} */ each) => each.session === `session/${slot[1]}`);
  const name = slot ? `${of?.couple_code ?? "a session"} · session ${of?.ordinal ?? ""} · ${slot[2].toUpperCase()}` : (said?.code ?? (key.owner === me.owner ? me.code : key.owner.split("/")[0]));
  const forget = el("button", { type: "button", class: "quiet", "data-action": "forget", "aria-label": `Destroy the key of ${name}`, onclick: () => confirm(`Destroy the key of ${name} on this tablet? Nothing brings it back.`) && forgetKey(key.kid).then(show) }, "Destroy");
  return el(
    "tr",
    { "data-key": key.kid, "data-owner": key.owner },
    el("th", { scope: "row" }, name),
    el("td", {}, STATES[/** @type {"valid"} */ (said?.state ?? "waiting")] ?? said.state, key.practice ? " · practice" : ""),
    el("td", { class: "kid" }, key.kid.slice(0, 12)),
    el("td", {}, forget),
  );
}

/** @param {HTMLFormElement} form @param {(officer: {kid: string, owner: string}) => {owner: string, role: string}[]} owners */
function asks(form, owners) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const option = /** @type {HTMLSelectElement} */ (form.elements.namedItem("officer")).selectedOptions[0];
    try {
      if (!option) throw new Error("No other officer has a key that counts.");
      const officer = { kid: option.value, owner: option.dataset.owner ?? "" };
      const asked = await askForKeys(owners(officer), officer, shapes);
      say(find("told"), `Made here, and handed in. ${asked.officer_code} approves it on their own sign-in. Compare: ${asked.items.map((/** @type {any} */ item) => item.kid.slice(0, 12) || item.owner_code).join(", ")}`);
      fill(trouble);
      await show();
    } catch (error) {
      fill(trouble, refusal(/** @type {Error} */ (error)));
    }
  });
}

asks(/** @type {HTMLFormElement} */ (find("own")), () => [{ owner: me.owner, role: me.roles[0] ?? "service" }]);
asks(/** @type {HTMLFormElement} */ (find("session-keys")), () => {
  const session = /** @type {HTMLSelectElement} */ (find("slots")).value;
  if (!session) throw new Error("Choose a session.");
  return ["a", "b"].map((slot) => ({ owner: `${session}/${slot}`, role: "participant" }));
});

const kept = /** @type {HTMLFormElement} */ (find("kept-key"));
kept.hidden = me.officer; // an officer holds the key in person
kept.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [officer, secret] = ["officer", "pin"].map((name) => /** @type {HTMLInputElement | HTMLSelectElement} */ (kept.elements.namedItem(name)));
  try {
    const option = /** @type {HTMLSelectElement} */ (officer).selectedOptions[0];
    if (!option) throw new Error("No other officer has a key that counts.");
    const asked = await post("/v1/custody-keys", { pin: secret.value, officer: option.dataset.owner ?? "" });
    say(find("told"), `Made, and handed in. ${asked.officer_code} approves it on their own sign-in.`);
    fill(trouble);
  } catch (error) {
    fill(trouble, refusal(/** @type {Error} */ (error)));
  }
  secret.value = "";
});

const practice = find("practice");
practice.hidden = !ledger.practice;
find("files").addEventListener("change", async (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  try {
    for (const file of input.files ?? []) {
      const { owner, protection, secret, ledger: madeFor } = JSON.parse(await file.text());
      if (madeFor && madeFor !== ledger.origin) throw new Error(`${file.name} was made for the ledger ${madeFor}, and this is ${ledger.origin}.`);
      if (protection !== null) throw new Error(`${file.name} is locked by a passphrase; practice keys are not.`);
      await importPracticeSeed({ ledger: ledger.origin, owner, seed: toHex(fromBase64(secret)), practice: ledger.practice });
    }
    const [known, here] = await Promise.all([get("/v1/keys"), listKeys({ ledger: ledger.origin })]);
    const officers = new Set(known.keys.filter((/** @type {any} */ key) => key.officer && key.state === "valid").map((/** @type {any} */ key) => key.kid));
    const officer = here.find((key) => key.practice && officers.has(key.kid));
    if (officer) await enrolDeviceNow(officer, shapes);
    say(find("told"), `${input.files?.length ?? 0} practice keys loaded.`);
    fill(trouble);
  } catch (error) {
    fill(trouble, refusal(/** @type {Error} */ (error)));
  }
  input.value = "";
  await show();
});
find("trust").textContent = `${pin()?.origin} · ${pin()?.vkeys.join(" · ")}`;
find("again").addEventListener("click", () => {
  if (!confirm("Trust what this service says now? An officer compares the verifier key first.")) return;
  forgetPin();
  location.reload();
});
document.addEventListener("ledger-unlocked", show);
await show();
