/** The timeline as an SVG of its own: with the colours and fonts that it has on the screen, without a style sheet. */
import { draw, type Picture } from "./drawing.ts";

/** What the style sheet says of shapes and texts. */
const KEPT = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;

/** Attributes that mean something on the page alone. */
const PAGE_ONLY = ["class", "tabindex", "role", "data-key"] as const;

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Draws it aside in `beside`, whose styles it takes. */
export function savedPicture(beside: HTMLElement, picture: Picture, title: string): string {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("class", "timeline aside");
  beside.append(svg);
  try {
    draw(svg, picture);
    for (const hit of svg.querySelectorAll(".hit")) hit.remove();
    // All are looked at before the first is changed: what one looks like depends on the classes of those around it.
    const shapes = [...svg.querySelectorAll<SVGElement>("rect, path, line, text")];
    const looks = shapes.map(lookOf);
    shapes.forEach((shape, index) => setLook(shape, looks[index] ?? []));
    for (const element of svg.querySelectorAll("*")) for (const name of PAGE_ONLY) element.removeAttribute(name);
    const background = document.createElementNS(NAMESPACE, "rect");
    background.setAttribute("width", "100%");
    background.setAttribute("height", "100%");
    background.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
    const name = document.createElementNS(NAMESPACE, "title");
    name.textContent = title;
    svg.prepend(name, background);
    svg.removeAttribute("class");
    svg.setAttribute("xmlns", NAMESPACE);
    return new XMLSerializer().serializeToString(svg);
  } finally {
    svg.remove();
  }
}

type Look = readonly (readonly [name: string, value: string])[];

function lookOf(element: SVGElement): Look {
  const style = getComputedStyle(element);
  return KEPT.map((name) => [name, style.getPropertyValue(name)] as const).filter(([, value]) => value !== "");
}

function setLook(element: SVGElement, look: Look): void {
  for (const [name, value] of look) element.setAttribute(name, value);
}
