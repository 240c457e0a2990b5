import type { Cell } from "../../charts/save_chart";
import { Link } from "../../routes";
import { fullCount } from "./quantities";

export interface Column<P> {
  title: string;
  value: (point: P) => Cell;
  /** As people read it; a plain number has its thousands parted. */
  shown?: (point: P) => string;
  /** Words stand left and may run over lines. */
  words?: boolean;
}

/** The numbers behind a plane; the first column leads where its dot would. */
export function PlaneTable<P extends { id: string; href: string }>({ caption, columns, points }: { caption: string; columns: readonly Column<P>[]; points: readonly P[] }) {
  return (
    // The region scrolls, so the keyboard must be able to reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll plane-table" role="region" aria-label={`Table: ${caption}`} tabIndex={0}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, words }) => (
              <th key={title} scope="col" data-words={words || undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.id}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.title} scope="row" data-words="">
                    <Link href={point.href}>{textOf(column, point)}</Link>
                  </th>
                ) : (
                  <td key={column.title} data-words={column.words || undefined}>
                    {textOf(column, point)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function textOf<P>({ value, shown }: Column<P>, point: P): string {
  if (shown) return shown(point);
  const cell = value(point);
  if (cell === null || cell === "") return "–";
  return typeof cell === "number" ? fullCount(cell) : cell;
}
