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

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Draws it aside in `beside`, whose styles it takes. */
export function savedPicture(beside: HTMLElement, picture: Picture, title: string): string {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("class", "timeline aside");
  beside.append(svg);
  try {
    draw(svg, picture);
    for (const element of svg.querySelectorAll<SVGElement>("*")) resolve(element);
    for (const hit of svg.querySelectorAll(".hit")) hit.remove();
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

function resolve(element: SVGElement): void {
  const style = getComputedStyle(element);
  for (const name of KEPT) {
    const value = style.getPropertyValue(name);
    if (value !== "") element.setAttribute(name, value);
  }
  for (const name of ["class", "tabindex", "role", "data-key"]) element.removeAttribute(name);
}
