import { useRef } from "react";
import { Button } from "../../ui/Button";

interface ChooseZipProps {
  /** On the button, and of the field that it opens. */
  words: string;
  label: string;
  onFile: (file: File | undefined) => void;
}

export function ChooseZip({ words, label, onFile }: ChooseZipProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="small" onClick={() => input.current?.click()}>
        {words}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        className="unseen"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = ""; // the same file can be chosen again
        }}
      />
    </>
  );
}
