import { useEffect, useRef, useState } from "react";
import { MOST_COMPARED, type RunPoint } from "../../generated/types";
import { api, type RunsAsked } from "../../net/api";
import { words } from "../../net/errors";
import { Link, paths } from "../../routes";
import { selectTitle, useCatalogue } from "../../store/catalogue";
import { Button, IconButton } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Dialog } from "../../ui/Dialog";
import { Menu } from "../../ui/Menu";
import { Select } from "../../ui/Select";
import { TryAgain } from "../../ui/TryAgain";
import { LIVE, stateWords } from "../runWords";
import { SearchField } from "../SearchField";
import { besideExperiment, COLUMNS, keepColumns, keptColumns, type RunColumn, sortAfter, tagsFrom, ticked } from "./run_columns";
import { type RunList, useRunList } from "./useRunList";

const STATES = [
  { value: "", label: "Any state" },
  { value: LIVE.join(","), label: "Training or waiting" },
  { value: "finished", label: "Finished" },
  { value: "stopped", label: "Stopped" },
  { value: "failed", label: "Failed" },
];
const TOO_MANY = `At most ${MOST_COMPARED} runs are compared at once. Untick one first.`;

interface RunChooserProps {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  experiment?: string | null;
}

/** All of the user's runs: found, filtered, sorted, tagged, and ticked to be compared. */
export function RunChooser({ chosen, onChange, experiment = null }: RunChooserProps) {
  const [asked, setAsked] = useState<RunsAsked>({ sort: "-created", ...(experiment ? { experiment } : {}) });
  const [shown, setShown] = useState(keptColumns);
  const [full, setFull] = useState(false);
  const [tagging, setTagging] = useState<RunPoint | null>(null);
  const list = useRunList(asked);
  const datasets = useCatalogue((state) => state.datasets);
  const status = useCatalogue((state) => state.status);
  const title = (name: string) => selectTitle(name)({ datasets, status });
  const ask = (change: RunsAsked) => setAsked((before) => ({ ...before, ...change }));
  const columns = COLUMNS.filter((column) => shown.includes(column.id));
  const tick = (id: string) => {
    const after = ticked(chosen, id, MOST_COMPARED);
    setFull(after === null);
    if (after) onChange(after);
  };
  const filtered = Boolean(asked.q || asked.dataset || asked.state || asked.tag || asked.experiment);
  return (
    <div className="run-chooser">
      <div className="run-filters">
        <SearchField words="Find runs, experiments or tags" query={asked.q ?? ""} onQuery={(q) => ask({ q })} />
        <Select aria-label="State" value={asked.state ?? ""} options={STATES} onChoose={(state) => ask({ state })} />
        <Select aria-label="Data set" value={asked.dataset ?? ""} options={[{ value: "", label: "Any data" }, ...datasets.map((view) => ({ value: view.dataset.name, label: view.dataset.title }))]} onChoose={(dataset) => ask({ dataset })} />
        {list.tags.length > 0 && (
          <Select aria-label="Tag" value={asked.tag ?? ""} options={[{ value: "", label: "Any tag" }, ...list.tags.map((tag) => ({ value: tag.name, label: `${tag.name} (${tag.runs})` }))]} onChoose={(tag) => ask({ tag })} />
        )}
        {asked.experiment && (
          <Button size="small" icon="close" onClick={() => ask({ experiment: "" })}>
            This experiment only
          </Button>
        )}
        <span className="top-space" />
        <span className="muted" aria-live="polite">
          {list.runs === null ? "" : `${list.total} ${list.total === 1 ? "run" : "runs"}`}
        </span>
        <Menu
          label="Columns"
          align="end"
          items={COLUMNS.map((column) => ({
            label: column.title,
            chosen: shown.includes(column.id),
            onSelect: () => {
              const after = shown.includes(column.id) ? shown.filter((id) => id !== column.id) : [...shown, column.id];
              setShown(after);
              keepColumns(after);
            },
          }))}
        >
          <IconButton label="Columns" icon="sliders" />
        </Menu>
      </div>
      {full && (
        <p className="notice" data-tone="warn" role="alert">
          {TOO_MANY}
        </p>
      )}
      {list.problem && (
        <TryAgain tone="warn" onRetry={list.again}>
          {list.problem}
        </TryAgain>
      )}
      {list.runs?.length === 0 ? (
        <div className="run-none">
          <h2>{filtered ? "No run is like that" : "Nothing was trained yet"}</h2>
          <p>{filtered ? "Ask for less, or look under another name." : "Train a network, and its runs stand here to be held against each other."}</p>
          {!filtered && (
            <Link className="button" data-look="main" href={paths.home()}>
              Choose a network
            </Link>
          )}
        </div>
      ) : (
        <RunTable list={list} columns={columns} chosen={chosen} sort={asked.sort ?? ""} title={title} onSort={(sort) => ask({ sort })} onTick={tick} onTag={setTagging} />
      )}
      {tagging && <TagDialog run={tagging} onClose={() => setTagging(null)} onDone={list.again} />}
    </div>
  );
}

interface RunTableProps {
  list: RunList;
  columns: readonly RunColumn[];
  chosen: readonly string[];
  sort: string;
  title: (dataset: string) => string;
  onSort: (sort: string) => void;
  onTick: (id: string) => void;
  onTag: (run: RunPoint) => void;
}

function RunTable({ list, columns, chosen, sort, title, onSort, onTick, onTag }: RunTableProps) {
  const foot = useRef<HTMLDivElement>(null);
  const latest = useRef(list.next);
  latest.current = list.next;
  const { more } = list;
  useEffect(() => {
    if (!foot.current || !more) return undefined;
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && latest.current());
    seen.observe(foot.current);
    return () => seen.disconnect();
  }, [more, list.runs?.length]);
  const direction = (column: RunColumn) => (sort === column.sort ? "ascending" : sort === `-${column.sort}` ? "descending" : undefined);
  const withExperiment = columns.some(({ id }) => id === "experiment");
  const name: RunColumn = { id: "name", title: "Run", sort: "name", words: true, usual: true, say: (run) => run.name };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the region scrolls, so the keyboard must be able to reach it
    <div className="scroll run-table" role="region" aria-label="Table: your runs" tabIndex={0} aria-busy={list.runs === null}>
      <table>
        <caption className="unseen">Your runs</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Compare</span>
            </th>
            {[name, ...columns].map((column) => (
              <th key={column.id} scope="col" aria-sort={direction(column)} data-words={column.words || undefined}>
                <button type="button" onClick={() => onSort(sortAfter(sort, column))}>
                  {column.title}
                  <span aria-hidden="true">{direction(column) === "ascending" ? " ↑" : direction(column) === "descending" ? " ↓" : ""}</span>
                </button>
              </th>
            ))}
            <th scope="col" data-words="">
              Tags
            </th>
          </tr>
        </thead>
        <tbody>
          {(list.runs ?? []).map((run) => (
            <tr key={run.id} data-chosen={chosen.includes(run.id) || undefined}>
              <td>
                <input type="checkbox" aria-label={`Compare ${run.name}, run ${run.number}`} checked={chosen.includes(run.id)} onChange={() => onTick(run.id)} />
              </td>
              <th scope="row" data-words="">
                <Link href={paths.train(run.experiment, run.id)} title={run.name}>
                  {withExperiment ? besideExperiment(run) : run.name}
                </Link>{" "}
                <small>run {run.number}</small>
              </th>
              {columns.map((column) => (
                <td key={column.id} data-words={column.words || undefined}>
                  {column.id === "state" ? <State run={run} words={column.say(run, title)} /> : column.say(run, title)}
                </td>
              ))}
              <td data-words="">
                <button type="button" className="run-tags" onClick={() => onTag(run)}>
                  {run.tags.length > 0 ? run.tags.map((tag) => <span key={tag} className="chip">{tag}</span>) : <span className="muted">add</span>}
                  <span className="unseen">{` tags of ${run.name}, run ${run.number}`}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div ref={foot} className="run-foot">
        {list.runs === null ? "Reading your runs" : more ? <Button size="small" onClick={list.next}>Show more</Button> : ""}
      </div>
    </div>
  );
}

function State({ run, words: said }: { run: RunPoint; words: string }) {
  const state = stateWords(run);
  return state ? (
    <Chip tone={state.tone} dot={state.moving}>
      {said}
    </Chip>
  ) : (
    said
  );
}

/** The tags of one run, commas between. */
function TagDialog({ run, onClose, onDone }: { run: RunPoint; onClose: () => void; onDone: () => void }) {
  const [text, setText] = useState(run.tags.join(", "));
  const [problem, setProblem] = useState<string | null>(null);
  const save = () =>
    api.tagRun(run.id, tagsFrom(text)).then(
      () => {
        onClose();
        onDone();
      },
      (error: unknown) => setProblem(words(error)),
    );
  return (
    <Dialog
      title={`Tags of ${run.name}, run ${run.number}`}
      onClose={onClose}
      footer={
        <Button look="main" onClick={() => void save()}>
          Keep these tags
        </Button>
      }
    >
      <label className="tag-field">
        <span>Words to find it by, commas between</span>
        <input
          data-first=""
          value={text}
          aria-invalid={problem !== null}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(null);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") void save();
          }}
        />
      </label>
      {problem !== null && (
        <p className="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
