import { HelpGrid, type KeyGroup } from "../HelpGrid";

const GROUPS: readonly KeyGroup[] = [
  {
    name: "Any chart over the steps",
    entries: [
      { does: "Zoom in, around the hairline", keys: ["+"] },
      { does: "Zoom out", keys: ["−"] },
      { does: "All steps", keys: ["0", "Esc"] },
    ],
  },
  {
    name: "A zoomed chart with the focus",
    entries: [
      { does: "Move along", keys: ["←", "→"] },
      { does: "Move by its width", keys: ["Shift ←", "Shift →"] },
      { does: "First steps", keys: ["Home"] },
      { does: "Newest steps", keys: ["End"] },
    ],
  },
  {
    name: "Through the run",
    entries: [
      { does: "Play, or pause training", keys: ["Space"] },
      { does: "One row back, forward", keys: ["←", "→"] },
      { does: "Ten rows", keys: ["Shift ←", "Shift →"] },
      { does: "One epoch", keys: ["Page up", "Page down"] },
      { does: "First step, the newest", keys: ["Home", "End"] },
    ],
  },
  {
    name: "A picture opened large",
    entries: [{ does: "From value to value", keys: ["←", "↑", "↓", "→"] }],
  },
];

const POINTER: readonly (readonly [gesture: string, result: string])[] = [
  ["Point at a chart", "its values at that step, in every chart"],
  ["Drag over a chart or the strip", "zooms to these steps, in finer rows"],
  ["Press a chart twice", "shows all steps again"],
  ["Press a row of the strip", "draws its curve, or takes it away"],
];

/** Every key of the train view. */
export function TrainKeys({ onClose }: { onClose: () => void }) {
  return <HelpGrid groups={GROUPS} pointer={POINTER} width={720} onClose={onClose} />;
}
