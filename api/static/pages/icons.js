/** Small pictures as inline SVG, drawn with the colour of the text; a word always stands beside them. */

const PATHS = {
  check: "M4 12.5 9.5 18 20 6.5",
  warning: "M12 3 1.8 21h20.4L12 3Zm0 6.5v5.5m0 2.6v.4",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.5V12l3.2 2.2",
  lock: "M5 11h14v9.5H5V11Zm3 0V7.5a4 4 0 0 1 8 0V11",
  eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12Zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  key: "M14.5 3.5a6 6 0 1 0 5.9 7.2A6 6 0 0 0 14.5 3.5ZM10 14l-7 7m2.5-2.5L8 21m7.5-13v.2",
  saved: "M4 4h12l4 4v12H4V4Zm4 0v5h7V4M7 20v-6h10v6",
  waiting: "M6 3h12M6 21h12M7 3c0 5 10 6 10 9s-10 4-10 9m10 0c0-3-2-5-5-7.5M17 3c0 3-2 5-5 7",
  cross: "M5 5l14 14M19 5 5 19",
  sun: "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM12 1.5V4m0 16v2.5M1.5 12H4m16 0h2.5M4.6 4.6l1.7 1.7m11.4 11.4 1.7 1.7m0-14.8-1.7 1.7M6.3 17.7l-1.7 1.7",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4 7 7 0 0 0 20 14.5Z",
  next: "M9 5l7 7-7 7",
  pen: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19 4 20Z",
  shield: "M12 2.5 4 6v6c0 5 3.5 8 8 9.5 4.5-1.5 8-4.5 8-9.5V6l-8-3.5Zm-3.5 9 2.7 2.7 4.6-5",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
