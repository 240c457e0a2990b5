import { fullCount, shapeText } from "../../canvas/words";
import { percent } from "../../charts/words";
import type { Analysis } from "../../generated/types";
import { type StageRow, stageRows } from "./exhibits";

/** What each stage makes and costs; bars compare the stages. */
export function StageTable({ analysis }: { analysis: Analysis }) {
  const rows = stageRows(analysis);
  const { parameters, macs, depth } = analysis.totals;
  const most = (of: (row: StageRow) => number) => Math.max(...rows.map(of));
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
              <Amount value={row.parameters} of={parameters} most={most((each) => each.parameters)} />
              <Amount value={row.macs} of={macs} most={most((each) => each.macs)} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              In all
            </th>
            {staged && <td className="number">{depth}</td>}
            <Amount value={parameters} of={parameters} most={0} />
            <Amount value={macs} of={macs} most={0} />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

/** A number of the whole `of`, and a bar as long as it is beside the largest, `most`; without one no bar. */
function Amount({ value, of, most }: { value: number; of: number; most: number }) {
  return (
    <td className="stage-amount" title={value > 0 && value < of ? `${percent(value / of)} of all` : undefined}>
      <span className="number">{value === 0 ? "–" : fullCount(value)}</span>
      <span className="stage-room">{value > 0 && most > 0 && <span className="stage-bar" style={{ width: `${(100 * value) / most}%` }} />}</span>
    </td>
  );
}
