import { useState } from "react";
import type { RunView } from "../../generated/types";
import { IconButton } from "../../ui/Button";
import { lazily } from "../../ui/lazily";

const TakeDialog = lazily(() => import("./TakeDialog").then((module) => module.TakeDialog));

/** Opens the list of all files that can be made of the run. */
export function TakeButton({ run }: { run: RunView | null }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Take it with you" icon="download" blocked={run ? null : "The run is loading"} onClick={() => setOpen(true)} />
      {open && run && <TakeDialog run={run} onClose={() => setOpen(false)} />}
    </>
  );
}
