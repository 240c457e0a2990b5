import { fullCount } from "../../canvas/words";
import type { Published } from "../../generated/types";
import type { ZooCard } from "../../net/api";
import { errorWords } from "../plane/quantities";
import { alikeOf } from "../plane/series";
import { wayOf } from "../plane/zooPoints";
import { compared, difference, hasErrors } from "./exhibits";

/** How often it errs on ImageNet, and how that was measured. */
function ErrorRows({ stated }: { stated: Published }) {
  const { top1_error, top5_error } = stated;
  const way = wayOf(stated);
  const rows = [
    { name: "Top-1 error on ImageNet,", value: top1_error },
    { name: "Top-5 error on ImageNet,", value: top5_error },
  ];
  return rows.map(({ name, value }) => (
    <tr key={name}>
      <th scope="row">
        {name} <span className="muted">{way}</span>
      </th>
      <td className="number">{value === null ? "–" : errorWords(value)}</td>
      <td className="number">–</td>
      <td className="number">–</td>
    </tr>
  ));
}

/** The numbers of the paper beside those counted here, why they differ, and the published errors with how they were measured. */
export function StatedAndCounted({ card }: { card: ZooCard }) {
  const { published, remark } = card;
  const rows = compared(card);
  const alike = alikeOf(card);
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
          {hasErrors(published) && <ErrorRows stated={published} />}
          {alike && <ErrorRows stated={alike} />}
        </tbody>
      </table>
      {remark && <p className="exhibit-remark">{remark}</p>}
      <p className="muted">
        {published?.source ? `Stated by: ${published.source}. ` : stated ? "" : "No numbers were stated for it. "}
        {alike?.source && `Measured alike for all networks: ${alike.source}. `}
        Counted for one image: a multiply-add counts 1, biases and activations count nothing; parameters include biases and batch-norm scale and shift.
      </p>
    </section>
  );
}
