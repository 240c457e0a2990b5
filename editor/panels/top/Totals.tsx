import { useCallback, useMemo, useRef, useState } from "react";
import { blocksOf } from "../../canvas/blocks";
import { byteText, fullCount, shortCount } from "../../canvas/words";
import type { Totals as Sums } from "../../generated/types";
import { useCatalogue } from "../../store/catalogue";
import { useExperiment } from "../../store/experiment";
import { useShown } from "../../store/preview";
import { useUi } from "../../store/ui";
import { Popover } from "../../ui/Popover";
import { Counted, explainedKey, type Part } from "../Counted";
import { countingOf, exactText, ROWS_OF_A_NETWORK } from "../counting";
import { type Column, drawnColumns, type Quantity } from "../costColumns";

type Row = (typeof ROWS_OF_A_NETWORK)[number];

/** In the bar, most wanted first; the narrower the window, the fewer. */
const SHOWN: { of: Row; name: string; write: (value: number) => string }[] = [
  { of: "parameters", name: "Parameters", write: (value) => (value < 1e6 ? fullCount(value) : shortCount(value)) },
  { of: "macs", name: "Multiply-adds", write: shortCount },
  { of: "weight_bytes", name: "Model size", write: byteText },
  { of: "training_bytes", name: "To train", write: byteText },
  { of: "inference_bytes", name: "To run", write: byteText },
];

/** What the network costs; the sums of what is drawn. Pressing one shows how each is made. */
export function Totals() {
  const { analysis, previewed } = useShown();
  const totals = analysis?.totals ?? null;
  const [open, setOpen] = useState<Row | null>(null);
  const bar = useRef<HTMLDListElement>(null);
  const close = useCallback(() => setOpen(null), []);
  const press = (of: Row) => {
    setOpen(open === of ? null : of);
    useUi.setState(({ explained }) => ({ explained: [...explained.filter((key) => !key.startsWith(explainedKey("network", ""))), explainedKey("network", of)] }));
  };
  return (
    <>
      <dl ref={bar} className="totals" data-previewed={previewed || undefined}>
        {SHOWN.map(({ of, name, write }) => {
          const value = totals?.[of];
          const full = value === undefined ? "unknown" : `${exactText(of, value)}${UNITS[of] ?? ""}`;
          return (
            <div key={of} data-of={of}>
              <dt>{name}</dt>
              <dd>
                <button type="button" className="totals-number number" aria-haspopup="dialog" aria-expanded={open === of} title={`${full}. Press to see how it is made.`} disabled={!totals} onClick={() => press(of)}>
                  {typeof value === "number" ? write(value) : "–"}
                  <span className="unseen">: {full}</span>
                </button>
              </dd>
            </div>
          );
        })}
      </dl>
      {open !== null && bar.current && totals && (
        <Popover label="What the network costs" anchor={bar.current} width={336} onClose={close}>
          <h2 className="popover-title">What the network costs</h2>
          <All totals={totals} />
        </Popover>
      )}
    </>
  );
}

const UNITS: Partial<Record<Row, string>> = { parameters: " trainable values", macs: " multiply-adds for one image", weight_bytes: " of weights", training_bytes: " for a training step", inference_bytes: " for one image" };

function All({ totals }: { totals: Sums }) {
  const { network, analysis } = useShown();
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const batch = useExperiment((state) => state.recipe.batch_size);
  const columns = useMemo(() => drawnColumns(network, analysis, blocks), [network, analysis, blocks]);
  const more = Object.keys(totals.formulas).filter((key) => !(ROWS_OF_A_NETWORK as readonly string[]).includes(key));
  return (
    <dl className="counted-list">
      {ROWS_OF_A_NETWORK.map((key) => (
        <Counted
          key={key}
          scope="network"
          of={key}
          value={totals[key]}
          formula={totals.formulas[key]}
          parts={partsOf(columns, key)}
          {...(key === "training_bytes" && typeof batch === "number" ? { name: `${countingOf(key).name}, batch ${batch}` } : {})}
        />
      ))}
      {more.map((key) => (
        <Counted key={key} scope="network" of={key} value={null} formula={totals.formulas[key]} />
      ))}
    </dl>
  );
}

const SUMMED: readonly Quantity[] = ["parameters", "macs", "activation_bytes"];

/** The blocks that a total is the sum of, dearest first. */
function partsOf(columns: readonly Column[], key: Row): Part[] {
  const quantity = SUMMED.find((other) => other === key);
  return quantity ? columns.map((column) => ({ label: column.label, value: column[quantity] })).toSorted((a, b) => b.value - a.value) : [];
}
