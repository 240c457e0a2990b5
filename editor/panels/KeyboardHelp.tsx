import { commands, keysText } from "../actions/commands";
import { Dialog } from "../ui/Dialog";
import "./help.css";

const GROUPS = ["Move about", "Blocks", "Network", "View"] as const;
const POINTER = [
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
  return (
    <Dialog title="Keyboard and pointer" onClose={onClose} width={640}>
      <div className="help-grid">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3 className="group-name">{group}</h3>
            <dl>
              {commands.filter((entry) => entry.group === group && entry.keys.length > 0).map((entry) => (
                <div key={entry.id}>
                  <dt>{entry.label}</dt>
                  <dd>
                    {entry.keys.map((keys) => (
                      <kbd key={keys}>{keysText(keys)}</kbd>
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
