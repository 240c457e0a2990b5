import { Dialog } from "../ui/Dialog";
import "./help.css";

export interface KeyGroup {
  name: string;
  entries: readonly { does: string; keys: readonly string[] }[];
}

interface HelpProps {
  groups: readonly KeyGroup[];
  pointer: readonly (readonly [gesture: string, result: string])[];
  width: number;
  onClose: () => void;
}

/** What the keys and the pointer do on a view. */
export function HelpGrid({ groups, pointer, width, onClose }: HelpProps) {
  return (
    <Dialog title="Keyboard and pointer" onClose={onClose} width={width}>
      <div className="help-grid">
        {groups.map(({ name, entries }) => (
          <section key={name}>
            <h3 className="group-name">{name}</h3>
            <dl>
              {entries.map(({ does, keys }) => (
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
            {pointer.map(([gesture, result]) => (
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
