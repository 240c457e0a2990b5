import { fullCount } from "../../canvas/words";
import type { ZooCard } from "../../net/api";
import { compared, difference, hasErrors } from "./exhibits";

const percent = (value: number | null) => (value === null ? "–" : `${value}%`);

/** The numbers of the paper beside those counted here, why they differ, and the published errors with how they were measured. */
export function StatedAndCounted({ card }: { card: ZooCard }) {
  const { published, remark } = card;
  const rows = compared(card);
  const stated = rows.some((row) => row.stated !== null);
  return (
    <section className="exhibit-section" aria-labelledby="numbers">
      <h2 id="numbers">Stated and counted</h2>
      <table className="stated-table">
        <thead>
          <tr>
            <th scope="col">Of one network</th>
            <th scope="col">Stated</th>
            <th scope="col">Counted here</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} data-same={difference(row) === "same" || undefined}>
              <th scope="row">{row.name}</th>
              <td className="number">{row.stated === null ? "–" : fullCount(row.stated)}</td>
              <td className="number">{fullCount(row.counted)}</td>
              <td className="number">{difference(row) || "–"}</td>
            </tr>
          ))}
          {hasErrors(published) && (
            <>
              <tr>
                <th scope="row">Top-1 error on ImageNet</th>
                <td className="number">{percent(published.top1_error)}</td>
                <td className="number">–</td>
                <td className="number">–</td>
              </tr>
              <tr>
                <th scope="row">Top-5 error on ImageNet</th>
                <td className="number">{percent(published.top5_error)}</td>
                <td className="number">–</td>
                <td className="number">–</td>
              </tr>
            </>
          )}
        </tbody>
      </table>
      {remark && <p className="exhibit-remark">{remark}</p>}
      <p className="muted">
        {hasErrors(published) && published.evaluation && `Errors measured by: ${published.evaluation}. `}
        {published?.source ? `Stated by: ${published.source}. ` : stated ? "" : "No numbers were stated for it. "}
        Counted for one image: a multiply-add counts 1, biases and activations count nothing; parameters include biases and batch-norm scale and shift.
      </p>
    </section>
  );
}
