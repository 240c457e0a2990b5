/** Hands over what the page made: as a file, or on the clipboard. */
import { toast } from "../store/ui";

/** Some browsers fetch the file only after the press is over; then its address must still be there. */
const KEPT = 10_000; // ms

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}

export const saveText = (text: string, name: string, type: string): void => saveBlob(new Blob([text], { type }), name);

/** Numbers to paste elsewhere; `said` once they are on the clipboard. Who copies them can save them as CSV, too. */
export async function copyText(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast("This browser does not let the page copy. Save as CSV instead.", { tone: "warn" });
  }
}
