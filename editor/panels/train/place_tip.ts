/** Words beside the pointer, kept inside the chart. */
export function placeTip(tip: HTMLElement, text: string, x: number, y: number, width: number, height: number): void {
  tip.hidden = false;
  if (tip.textContent !== text) tip.textContent = text;
  const { offsetWidth: wide, offsetHeight: tall } = tip;
  tip.style.left = `${Math.max(0, x + 12 + wide <= width ? x + 12 : x - 12 - wide)}px`;
  tip.style.top = `${Math.max(0, y + 14 + tall <= height ? y + 14 : y - 8 - tall)}px`;
}
