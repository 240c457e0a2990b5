import { useEffect, useRef, useState } from "react";
import { Button } from "../../ui/Button";

/** Text to hand on, with a button that copies it. `first`: it is chosen at once, as after it was made. */
export function Copied({ label, text, first = false, long = false }: { label: string; text: string; first?: boolean; long?: boolean }) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    setCopied(false);
    if (first) field.current?.select();
  }, [text, first]);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false); // the browser forbids it: the text is chosen, for Ctrl C
    }
  };
  const common = { ref: field, readOnly: true, value: text, "aria-label": label, spellCheck: false, onFocus: () => field.current?.select() };
  return (
    <div className="share-copied" data-long={long || undefined}>
      {long ? <textarea rows={4} {...common} /> : <input type="text" {...common} />}
      <Button icon={copied ? "check" : "copy"} aria-live="polite" onClick={() => void copy()}>
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}
