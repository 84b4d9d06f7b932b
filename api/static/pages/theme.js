/** Light or dark: as the tablet says, unless somebody chose; the room begins dark, because treatment rooms are dim. */

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const PLACE = "session-ledger-theme";
const root = document.documentElement;

/** @returns {"dark" | "light"} */
function shown() {
  const chosen = localStorage.getItem(PLACE);
  if (chosen === "dark" || chosen === "light") return chosen;
  if (root.dataset.begins === "dark") return "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

const show = () => (root.dataset.theme = shown());
show();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);

/** The switch, for the bar on top of each page. */
export function themeSwitch() {
  const button = el("button", { type: "button", class: "quiet", "data-action": "theme" });
  const label = () => fill(button, icon(shown() === "dark" ? "sun" : "moon"), el("span", { class: "theme-word" }, shown() === "dark" ? "Light" : "Dark"));
  button.addEventListener("click", () => {
    localStorage.setItem(PLACE, shown() === "dark" ? "light" : "dark");
    show();
    label();
  });
  label();
  return button;
}
