import { noAnswer } from "../../net/errors";
import { save } from "../../store/autosave";
import { type Saving, useExperiment } from "../../store/experiment";
import { Chip, type Tone } from "../../ui/Chip";
import type { IconName } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";

interface Words {
  text: string;
  tone: Tone;
  icon?: IconName;
  why: string;
}

const WORDS: Record<Saving, Words> = {
  draft: { text: "Draft", tone: "plain", why: "Only this browser has it. Training or pressing here saves it as an experiment." },
  saved: { text: "Saved", tone: "plain", icon: "check", why: "The site has everything." },
  changed: { text: "Saving", tone: "plain", why: "The last change is on its way." },
  saving: { text: "Saving", tone: "plain", why: "The last change is on its way." },
  offline: { text: "Not saved yet", tone: "warn", icon: "offline", why: "" },
  refused: { text: "Not saved yet", tone: "warn", icon: "warn", why: "" },
  conflict: { text: "Not saved yet", tone: "warn", icon: "warn", why: "It was changed elsewhere too." },
};

/** How much of the experiment the site has; pressing saves now. */
export function SaveChip() {
  const saving = useExperiment((state) => state.saving);
  const problem = useExperiment((state) => state.saveProblem);
  const ready = useExperiment((state) => state.status === "ready");
  if (!ready) return null;
  const words = WORDS[saving];
  const why = saving === "offline" ? `${noAnswer()}. The work is kept here and saved as soon as the site can be reached.` : saving === "refused" && problem ? problem.message : words.why;
  const chip = (
    <Chip tone={words.tone} {...(words.icon ? { icon: words.icon } : {})}>
      {words.text}
    </Chip>
  );
  const settled = saving === "saved" || saving === "saving" || saving === "changed";
  return (
    <span className="save-state" aria-live="polite">
      <Tooltip text={why}>
        {settled ? (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the reason can be read with the keyboard
          <span tabIndex={0} className="chip-hold">
            {chip}
          </span>
        ) : (
          <button type="button" className="chip-press" onClick={() => void save()}>
            {chip}
          </button>
        )}
      </Tooltip>
    </span>
  );
}
