import { fullCount, shapeText } from "../../canvas/words";
import type { Analysis } from "../../generated/types";
import { stageRows } from "./exhibits";

/** What each stage makes and costs; bars show its share of the whole. */
export function StageTable({ analysis }: { analysis: Analysis }) {
  const rows = stageRows(analysis);
  const { parameters, macs, depth } = analysis.totals;
  const staged = analysis.stages.length > 0;
  return (
    <section className="exhibit-section" aria-labelledby="stages">
      <h2 id="stages">{staged ? "Stage by stage" : "Block by block"}</h2>
      <table className="stage-table">
        <thead>
          <tr>
            <th scope="col">{staged ? "Stage" : "Block"}</th>
            <th scope="col">Output</th>
            {staged && <th scope="col">Layers</th>}
            <th scope="col">Parameters</th>
            <th scope="col">Multiply-adds</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${row.name} ${index}`}>
              <th scope="row">{row.name}</th>
              <td className="number">{row.shape ? shapeText(row.shape) : "–"}</td>
              {staged && <td className="number">{row.depth || "–"}</td>}
              <Amount value={row.parameters} of={parameters} />
              <Amount value={row.macs} of={macs} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">In all</th>
            <td />
            {staged && <td className="number">{depth}</td>}
            <td className="number">{fullCount(parameters)}</td>
            <td className="number">{fullCount(macs)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function Amount({ value, of }: { value: number; of: number }) {
  const share = of > 0 ? value / of : 0;
  return (
    <td className="stage-amount">
      {share > 0 && <span className="stage-bar" style={{ width: `${100 * share}%` }} />}
      <span className="number">{value === 0 ? "–" : fullCount(value)}</span>
    </td>
  );
}
