import { Dialog } from "../../ui/Dialog";
import "../help.css";

type Entry = readonly [does: string, ...keys: string[]];

const GROUPS: { name: string; entries: Entry[] }[] = [
  {
    name: "Any chart over the steps",
    entries: [
      ["Zoom in, around the hairline", "+"],
      ["Zoom out", "−"],
      ["All steps", "0", "Esc"],
    ],
  },
  {
    name: "A zoomed chart with the focus",
    entries: [
      ["Move along", "←", "→"],
      ["Move by its width", "Shift ←", "Shift →"],
      ["First steps", "Home"],
      ["Newest steps", "End"],
    ],
  },
  {
    name: "Through the run",
    entries: [
      ["Play, or pause training", "Space"],
      ["One row back, forward", "←", "→"],
      ["Ten rows", "Shift ←", "Shift →"],
      ["One epoch", "Page up", "Page down"],
      ["First step, the newest", "Home", "End"],
    ],
  },
  {
    name: "A picture opened large",
    entries: [["From value to value", "←", "↑", "↓", "→"]],
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
  return (
    <Dialog title="Keyboard and pointer" onClose={onClose} width={720}>
      <div className="help-grid">
        {GROUPS.map(({ name, entries }) => (
          <section key={name}>
            <h3 className="group-name">{name}</h3>
            <dl>
              {entries.map(([does, ...keys]) => (
                <div key={does}>
                  <dt>{does}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3 className="group-name">Pointer</h3>
          <dl>
            {POINTER.map(([gesture, result]) => (
              <div key={gesture}>
                <dt>{gesture}</dt>
                <dd className="muted">{result}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
