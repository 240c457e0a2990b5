import { useState } from "react";
import { Button, IconButton } from "../../ui/Button";
import { lazily } from "../../ui/lazily";

const ShareDialog = lazily(() => import("./ShareDialog").then((module) => module.ShareDialog));

interface Props {
  experiment: string;
  name: string;
  /** The run that is looked at, for a link to it alone. */
  run?: { id: string; number: number } | null;
  /** An icon, where there is no room for words. */
  small?: boolean;
}

/** Opens who may see the experiment; only its owner has it. */
export function ShareButton({ small = false, ...about }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {small ? (
        <IconButton label="Share" icon="link" onClick={() => setOpen(true)} />
      ) : (
        <Button icon="link" onClick={() => setOpen(true)}>
          Share
        </Button>
      )}
      {open && <ShareDialog {...about} onClose={() => setOpen(false)} />}
    </>
  );
}
