/** The figure as a file: what is on the page, in its present folding and colours. */
import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { FigureDrawing } from "../canvas/FigureDrawing";
import type { Picture } from "../canvas/marks";
import { pictureOf } from "../canvas/picture";
import { plainSvg } from "../canvas/plainSvg";
import { stage } from "../canvas/stage";
import { fullCount } from "../canvas/words";
import { useStore } from "../store";
import { selectTotals } from "../store/analysis";
import { useCatalogue } from "../store/catalogue";
import { useExperiment } from "../store/experiment";
import { toast } from "../store/ui";
import { fileName } from "./files";
import { embeddedFonts } from "./fonts";
import { saveBlob, saveText } from "./handing";

const SHARP = 2; // pixels of the picture for one of the drawing
const MOST_PIXELS = 60_000_000; // canvases of more are refused by browsers

export async function exportSvg(): Promise<void> {
  await attempt(async () => {
    const text = await drawingText();
    if (text) saveText(text, `${fileName(useExperiment.getState().name)}.svg`, "image/svg+xml");
  });
}

export async function exportPng(): Promise<void> {
  await attempt(async () => {
    const text = await drawingText();
    if (text) saveBlob(await painted(text), `${fileName(useExperiment.getState().name)}.png`);
  });
}

async function attempt(work: () => Promise<void>) {
  try {
    await work();
  } catch {
    toast("This browser could not make the picture. Export the drawing as SVG instead.", { tone: "bad" });
  }
}

/** The figure on the page as SVG that stands alone; null where none is drawn. */
export async function drawingText(): Promise<string | null> {
  const { model } = stage;
  if (!model || model.pieces.size === 0) return null;
  const picture = await inlined(shownPicture());
  const place = document.createElement("div");
  place.style.cssText = "position:absolute;left:-100000px;top:0";
  document.body.append(place);
  const root = createRoot(place);
  try {
    flushSync(() => root.render(createElement(FigureDrawing, { model, title: useExperiment.getState().name, words: sentence(), picture })));
    const drawing = place.querySelector("svg");
    return drawing && plainSvg(drawing, { styleOf: (element) => getComputedStyle(element), colour: colourReader() });
  } finally {
    root.unmount();
    place.remove();
  }
}

function sentence(): string {
  const { network } = useStore.getState();
  const totals = selectTotals(useStore.getState());
  const blocks = `A network of ${network.nodes.length} blocks`;
  return totals ? `${blocks}: ${fullCount(totals.parameters)} parameters, ${fullCount(totals.macs)} multiply-adds for one image.` : `${blocks}.`;
}

function shownPicture(): Picture | null {
  const dataset = String(useExperiment.getState().recipe.dataset ?? "");
  return pictureOf(useCatalogue.getState().datasets.find((view) => view.dataset.name === dataset));
}

/** The sample on the input's face, cut out and carried in the file; null where it cannot be had. */
async function inlined(picture: Picture | null): Promise<Picture | null> {
  if (!picture) return null;
  try {
    const sheet = await loaded(picture.url);
    const [left, top, width, height] = picture.part;
    const { canvas, context } = sheetOf(width, height);
    context.drawImage(sheet, left, top, width, height, 0, 0, width, height);
    return { url: canvas.toDataURL("image/png"), part: [0, 0, width, height], full: [width, height] };
  } catch {
    return null;
  }
}

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.addEventListener("load", () => resolve(image));
    image.addEventListener("error", () => reject(new Error("The picture could not be read.")));
    image.src = address;
  });
}

function sheetOf(width: number, height: number) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser draws no pictures.");
  return { canvas, context };
}

/** Reads any colour of CSS by painting one pixel with it. */
function colourReader() {
  const { context } = sheetOf(1, 1);
  const known = new Map<string, { hex: string; opacity: number }>();
  return (value: string) => {
    const before = known.get(value);
    if (before) return before;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = value;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
    const made = { hex: `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`, opacity: alpha / 255 };
    known.set(value, made);
    return made;
  };
}

async function painted(text: string): Promise<Blob> {
  const fonts = await embeddedFonts();
  const withFonts = text.replace("</desc>", `</desc><style>${fonts}</style>`);
  const address = URL.createObjectURL(new Blob([withFonts], { type: "image/svg+xml" }));
  try {
    const image = await loaded(address);
    const scale = Math.min(SHARP, Math.sqrt(MOST_PIXELS / (image.width * image.height)));
    const { canvas, context } = sheetOf(Math.round(image.width * scale), Math.round(image.height * scale));
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("No picture was made."))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
