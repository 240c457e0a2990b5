import { useEffect, useState } from "react";
import type { VersionCard } from "../../generated/types";
import { aboutApi } from "../../net/about";
import { isAbort, words } from "../../net/errors";
import { navigate, paths } from "../../routes";
import { newSlot, writeDraft } from "../../store/persist";
import { toast } from "../../store/ui";
import { fullCount } from "../../canvas/words";
import { Button, IconButton } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Menu } from "../../ui/Menu";
import { agoWords } from "../runWords";
import { DifferenceDialog } from "./DifferenceDialog";

interface Props {
  id: string;
  /** The experiment's name. */
  name: string;
  /** It may be changed here. */
  mine: boolean;
  /** Its save, which a change builds on. */
  save: number;
  /** Another text when they may have changed. */
  past: string;
  refresh: () => Promise<void>;
}

const FIRST = 8;

/** What the experiment was: each save that changed network or recipe, to look at, compare and go back to. */
export function Versions({ id, name, mine, save, past, refresh }: Props) {
  const { list, problem } = useVersions(id, past);
  const [compared, setCompared] = useState<{ before: number; after: number } | null>(null);
  const [all, setAll] = useState(false);
  const goBack = async (number: number) => {
    setCompared(null);
    try {
      await aboutApi.revert(id, number, save);
      toast(`Network and recipe are those of version ${number} again. What was there before is a version too.`);
      await refresh();
    } catch (error) {
      toast(words(error), { tone: "bad" });
    }
  };
  if (problem !== null) return <p className="about-empty">{problem}</p>;
  if (!list) return <div className="about-list-ghost ghost" aria-busy="true" aria-label="Loading the versions" />;
  const current = list.find((version) => version.current)?.number ?? 0;
  const shown = all ? list : list.slice(0, FIRST);
  const going = compared && compared.before !== current ? compared.before : null;
  return (
    <>
      <ol className="about-versions">
        {shown.map((version, index) => (
          <Row
            key={version.number}
            version={version}
            before={list[index + 1]?.number ?? null}
            onCompare={(before, after) => setCompared({ before, after })}
            onBack={mine ? () => void goBack(version.number) : null}
            onOpen={() => void openVersion(id, version.number, name)}
            current={current}
          />
        ))}
      </ol>
      {list.length > shown.length && (
        <button type="button" className="link-button about-more" onClick={() => setAll(true)}>
          {list.length - shown.length} older
        </button>
      )}
      {compared && (
        <DifferenceDialog
          before={{ experiment: id, version: compared.before }}
          after={{ experiment: id, version: compared.after }}
          onClose={() => setCompared(null)}
          action={mine && going !== null && <Button onClick={() => void goBack(going)}>Go back to version {going}</Button>}
        />
      )}
    </>
  );
}

interface RowProps {
  version: VersionCard;
  /** The number of the version before it. */
  before: number | null;
  current: number;
  onCompare: (before: number, after: number) => void;
  /** null where it is somebody else's. */
  onBack: (() => void) | null;
  onOpen: () => void;
}

function Row({ version, before, current, onCompare, onBack, onOpen }: RowProps) {
  const { number, note, what, saved, runs } = version;
  const told = note ? `${note}${what === "No change" ? "" : `. ${what}`}` : what;
  return (
    <li className="about-version">
      <span className="about-version-words">
        <span className="about-version-name">
          Version {number}
          {version.current && <Chip tone="live">now</Chip>}
        </span>
        <span className="about-version-what">{told}</span>
        <span className="muted small">
          {agoWords(saved)}
          {version.parameters !== null && `, ${fullCount(version.parameters)} parameters`}
          {runs.length > 0 && `, ${runs.length === 1 ? `run ${runs[0]}` : `${runs.length} runs`}`}
          {version.forks > 0 && `, ${version.forks === 1 ? "1 fork" : `${version.forks} forks`}`}
        </span>
      </span>
      {before !== null && (
        <Button size="small" look="quiet" aria-label={`Changes of version ${number}`} onClick={() => onCompare(before, number)}>
          Changes
        </Button>
      )}
      <Menu
        label={`Version ${number}`}
        align="end"
        items={[
          { label: "Compare with now", icon: "swap", blocked: number === current ? "It is what is there now" : null, onSelect: () => onCompare(number, current) },
          { label: "Open as a draft", icon: "copy", onSelect: onOpen },
          ...(onBack ? [{ label: "Go back to it", icon: "undo", blocked: number === current ? "It is what is there now" : null, onSelect: onBack } as const] : []),
        ]}
      >
        <IconButton label={`More: version ${number}`} icon="dots" size="small" />
      </Menu>
    </li>
  );
}

/** A version's network and recipe as a draft of one's own; the experiment stays as it is. */
async function openVersion(id: string, number: number, name: string) {
  try {
    const { network, recipe } = await aboutApi.version(id, number);
    const slot = newSlot();
    const called = `${name.slice(0, 100)}, version ${number}`;
    writeDraft({ slot, version: null, name: called, notes: "", recipe, network: { ...network, name: called }, changed: Date.now() });
    navigate(paths.kept(slot));
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}

function useVersions(id: string, past: string): { list: VersionCard[] | null; problem: string | null } {
  const [list, setList] = useState<VersionCard[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const control = new AbortController();
    aboutApi.versions(id, control.signal).then(
      (found) => {
        setList(found);
        setProblem(null);
      },
      (error: unknown) => {
        if (!isAbort(error)) setProblem(words(error));
      },
    );
    return () => control.abort();
  }, [id, past]);
  return { list, problem };
}
