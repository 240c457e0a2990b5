/** A panel's drawings as one picture: its title and fact, and each chart where it stands. */
import { sharpOf } from "./sharp";
import { colour } from "./theme";

const SCALE = 2;
const AROUND = 16;
const HEAD = 32;
/** Words of the page that belong to a drawing. */
const WORDS = ".chart-title, .dead-head span";

export async function pictureOf(panel: HTMLElement, title: string, fact: string): Promise<Blob> {
  const charts = Array.from(panel.querySelectorAll<HTMLElement>(".chart")).filter((chart) => chart.clientWidth > 0);
  if (charts.length === 0) throw new Error("There is no drawing to save here.");
  const boxes = charts.map((chart) => chart.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top), ...Array.from(panel.querySelectorAll(WORDS), (word) => word.getBoundingClientRect().top));
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(SCALE * (right - left + 2 * AROUND));
  canvas.height = Math.ceil(SCALE * (bottom - top + 2 * AROUND + HEAD));
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = colour("surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SCALE, SCALE);
  context.translate(AROUND - left, AROUND + HEAD - top);
  const drawings = await Promise.all(charts.map((chart) => sharpOf(chart)?.(SCALE) ?? chart.querySelector("canvas")));
  drawings.forEach((drawing, index) => {
    const box = boxes[index] as DOMRect;
    if (drawing) context.drawImage(drawing, box.left, box.top, box.width, box.height);
  });
  for (const word of panel.querySelectorAll<HTMLElement>(WORDS)) paintWord(context, word);
  paintHead(context, title, fact, left, right, top - HEAD + 14);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("The picture is too large for this browser."))), "image/png"));
}

function paintWord(context: CanvasRenderingContext2D, word: HTMLElement): void {
  const box = word.getBoundingClientRect();
  const style = getComputedStyle(word);
  context.font = style.font;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.textAlign = style.textAlign === "right" ? "right" : "left";
  context.fillText(word.textContent ?? "", context.textAlign === "right" ? box.right : box.left, (box.top + box.bottom) / 2);
}

function paintHead(context: CanvasRenderingContext2D, title: string, fact: string, left: number, right: number, middle: number): void {
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = `500 15px ${colour("serif")}`;
  context.fillStyle = colour("ink");
  context.fillText(title, left, middle);
  context.textAlign = "right";
  context.font = `400 12px ${colour("sans")}`;
  context.fillStyle = colour("ink-3");
  context.fillText(fact, right, middle);
}
