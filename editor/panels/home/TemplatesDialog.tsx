import { useRef } from "react";
import type { ZooCard } from "../../net/api";
import { Link, navigate, paths } from "../../routes";
import { useCatalogue } from "../../store/catalogue";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { openFile } from "./openFile";
import { hasBlocks, TemplateCard } from "./TemplateCard";

/** Every network to begin with, an empty canvas, or a file. */
export function TemplatesDialog({ onClose }: { onClose: () => void }) {
  const zoo = useCatalogue((state) => state.zoo);
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File | undefined) => {
    if (!file) return;
    const opened = await openFile(file);
    if (typeof opened === "string") toast(opened, { tone: "bad" });
    else {
      onClose();
      navigate(paths.kept(opened.slot));
    }
  };
  return (
    <Dialog
      title="Begin with a network"
      width={1040}
      onClose={onClose}
      footer={
        <>
          <input ref={input} type="file" accept=".json,application/json" hidden onChange={(event) => void read(event.target.files?.[0])} />
          <Button icon="folder" onClick={() => input.current?.click()}>
            Open a file
          </Button>
          <Link className="button" href={paths.zoo()}>
            The whole zoo with its numbers
          </Link>
        </>
      }
    >
      <Cards cards={zoo.filter((card) => card.template && hasBlocks(card))} />
      <h3 className="dialog-part">
        Published networks <span className="caption">each with its numbers, its stages, and a version for small images</span>
      </h3>
      <Cards cards={zoo.filter((card) => !card.template && hasBlocks(card))} />
    </Dialog>
  );
}

function Cards({ cards }: { cards: ZooCard[] }) {
  return (
    <ul className="cards cards-dialog">
      {cards.map((card) => (
        <TemplateCard key={card.name} card={card} facts />
      ))}
    </ul>
  );
}
