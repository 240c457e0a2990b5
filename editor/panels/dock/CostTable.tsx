import { byteText, fullCount, shapeText } from "../../canvas/words";
import { type Column, type Quantity, shareText, sumOf, valuesOf } from "../costColumns";

const COUNTS: { quantity: Quantity; name: string; write: (value: number) => string }[] = [
  { quantity: "macs", name: "Multiply-adds", write: fullCount },
  { quantity: "parameters", name: "Parameters", write: fullCount },
  { quantity: "activation_bytes", name: "Activations", write: byteText },
];

/** The dock's numbers as a table: what each column costs, its share of the whole, and the sums. */
export function CostTable({ columns, first, onGo }: { columns: readonly Column[]; first: string; onGo: (column: Column) => void }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="dock-table scroll" role="region" aria-label="Cost as a table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col">Output</th>
            <th scope="col">Values</th>
            {COUNTS.map(({ quantity, name }) => (
              <th key={quantity} scope="col" colSpan={2}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.id}>
              <th scope="row">
                <button type="button" className="wire-end" onClick={() => onGo(column)}>
                  {column.label}
                </button>
              </th>
              <td>{column.shape ? shapeText(column.shape) : "unknown"}</td>
              <td>{column.shape ? fullCount(valuesOf(column.shape)) : "–"}</td>
              {COUNTS.map(({ quantity, write }) => (
                <Cells key={quantity} value={column[quantity]} whole={sumOf(columns, quantity)} write={write} />
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <td colSpan={2} aria-label="No sum" />
            {COUNTS.map(({ quantity, write }) => (
              <Cells key={quantity} value={sumOf(columns, quantity)} whole={sumOf(columns, quantity)} write={write} />
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Cells({ value, whole, write }: { value: number; whole: number; write: (value: number) => string }) {
  return (
    <>
      <td data-none={value === 0 || undefined}>{value === 0 ? "–" : write(value)}</td>
      <td className="dock-share">{value === 0 ? "" : shareText(value, whole)}</td>
    </>
  );
}

/** The same as text, cells parted by `between`, with plain numbers for a spreadsheet. */
export function tableText(columns: readonly Column[], first: string, between: string): string {
  const cell = (text: string) => (between === "," && /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text.replaceAll("\t", " "));
  const head = [first, "Stage", "Output (height×width×channels)", "Values", "Multiply-adds", "Parameters", "Activations, bytes"];
  const rows = columns.map(({ label, stage, shape, macs, parameters, activation_bytes }) => [label, stage ?? "", shape ? shapeText(shape) : "", shape ? valuesOf(shape) : "", macs, parameters, activation_bytes].map(String));
  return [head, ...rows].map((row) => row.map(cell).join(between)).join("\n");
}
