import { byteText, fullCount, shortCount } from "../../canvas/words";
import { useStore } from "../../store";
import { selectTotals } from "../../store/analysis";
import { Tooltip } from "../../ui/Tooltip";

/** What the network costs for one image; the sums of what is drawn. */
export function Totals() {
  const totals = useStore(selectTotals);
  const { parameters = 0, macs = 0, activation_bytes = 0 } = totals ?? {};
  const one = (text: string) => (totals ? text : "–");
  return (
    <dl className="totals">
      <Total name="Parameters" value={one(parameters < 1e6 ? fullCount(parameters) : shortCount(parameters))} full={`${fullCount(parameters)} trainable values`} />
      <Total name="Multiply-adds" value={one(shortCount(macs))} full={`${fullCount(macs)} multiply-adds for one image`} />
      <Total name="Activations" value={one(byteText(activation_bytes))} full={`${fullCount(activation_bytes)} bytes of float32 for one image: the sum over all blocks`} />
    </dl>
  );
}

function Total({ name, value, full }: { name: string; value: string; full: string }) {
  return (
    <Tooltip text={full} names>
      <div>
        <dt>{name}</dt>
        <dd className="number">
          {value}
          <span className="unseen">: {full}</span>
        </dd>
      </div>
    </Tooltip>
  );
}
