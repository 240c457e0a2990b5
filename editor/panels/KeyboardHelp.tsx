import { commands, keysText } from "../actions/commands";
import { HelpGrid } from "./HelpGrid";

const GROUPS = ["Move about", "Blocks", "Network", "View"] as const;
const POINTER: readonly (readonly [string, string])[] = [
  ["Drag a block onto a wire", "it is inserted there"],
  ["Drag from a ring", "draws a wire"],
  ["Drag a wire's end", "leads it elsewhere"],
  ["Shift and drag", "chooses what the frame touches"],
  ["Ctrl and press", "adds to the choice"],
  ["Double press on a composite", "shows its inside"],
  ["Double press on a stage", "folds or opens it"],
];

/** Every key of the build view. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const groups = GROUPS.map((name) => ({ name, entries: commands.filter((entry) => entry.group === name && entry.keys.length > 0).map((entry) => ({ does: entry.label, keys: entry.keys.map(keysText) })) }));
  return <HelpGrid groups={groups} pointer={POINTER} width={640} onClose={onClose} />;
}
