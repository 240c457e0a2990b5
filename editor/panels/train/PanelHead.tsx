import { type ReactNode } from "react";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";

interface PanelHeadProps {
  title: string;
  definition: string;
  fact?: ReactNode;
  /** The table stands in place of the drawing. */
  table?: boolean;
  onTable?: (table: boolean) => void;
  children?: ReactNode;
}

/** Title, what the numbers mean, one fact at the right, and the way to the table. */
export function PanelHead({ title, definition, fact, table, onTable, children }: PanelHeadProps) {
  return (
    <header className="panel-head">
      <h2>{title}</h2>
      <Tooltip text={definition}>
        <button type="button" className="explain" aria-label={`What ${title.toLowerCase()} means`}>
          <Icon name="info" />
        </button>
      </Tooltip>
      <span className="panel-fact">{fact}</span>
      {children}
      {onTable && (
        <IconButton
          label={table ? `Show ${title.toLowerCase()} as a drawing` : `Show ${title.toLowerCase()} as a table`}
          icon="grid"
          size="small"
          aria-pressed={table}
          onClick={() => onTable(!table)}
        />
      )}
    </header>
  );
}

/** Words left, numbers right. */
export function DataTable({ caption, head, rows }: { caption: string; head: string[]; rows: string[][] }) {
  return (
    // The region scrolls, so the keyboard must be able to reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll data-table" role="region" aria-label={`Table: ${caption}`} tabIndex={0}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells.join("|")}>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th key={head[index]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={head[index]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
