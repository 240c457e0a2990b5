import { useId, useState } from "react";
import {
  around,
  covers,
  type Extent,
  extentOf,
  leaves,
  middleOf,
  neighbour,
  overhang,
  type Patch,
  patchAt,
  patchWords,
  type Position,
  positionNear,
  signed,
  sizeWords,
} from "../../canvas/fieldGeometry";
import { FieldLines } from "../../canvas/FieldLines";
import { pictureOf } from "../../canvas/picture";
import type { Picture } from "../../canvas/marks";
import type { BlockView, ReceptiveField } from "../../generated/types";
import { useStore } from "../../store";
import { selectDataset, useCatalogue } from "../../store/catalogue";
import { useExperiment } from "../../store/experiment";
import { PositionPad } from "../../ui/PositionPad";
import { Select } from "../../ui/Select";

/** So much of what lies around the image is drawn, in images; fields may reach further. */
const MOST_AROUND = 0.5;

/** What the chosen block sees of the image: the receptive field of one output value, and of the one beside it. */
export function FieldOfView({ id, block }: { id: string; block: BlockView }) {
  const facts = useStore((state) => state.analysis?.nodes[id]);
  const [chosen, setChosen] = useState("");
  if (block.takes === "nothing" || !facts?.shape || !facts.receptive_field) return null;
  const inner = facts.inside?.find((part) => part.id === chosen);
  const shape = inner?.shape ?? facts.shape;
  const field = inner?.receptive_field ?? facts.receptive_field;
  const parts = facts.inside?.filter((part) => part.shape && part.receptive_field) ?? [];
  return (
    <section className="inspector-part field-of-view" aria-label="What it sees">
      <header>
        <h3 className="group-name" title="Receptive field: the patch of the image that one output value can see (Araujo, Norris and Sim, 2019).">What it sees</h3>
        {parts.length > 0 && (
          <Select
            aria-label="Layer inside"
            value={inner?.id ?? ""}
            options={[{ value: "", label: "The whole block" }, ...parts.map((part) => ({ value: part.id, label: part.label }))]}
            onChoose={setChosen}
          />
        )}
      </header>
      <OnTheImage key={`${inner?.id ?? id} ${shape.join()}`} field={field} shape={shape} />
    </section>
  );
}

function OnTheImage({ field, shape }: { field: ReceptiveField; shape: number[] }) {
  const { image, picture } = useImage();
  const output = extentOf(shape);
  const [position, setPosition] = useState<Position>(() => middleOf(output));
  if (!image) return null;
  const patch = patchAt(field, position);
  const next = neighbour(position, output);
  const margin = Math.ceil(Math.min(overhang(field, output, image), MOST_AROUND * Math.max(image.height, image.width)));
  const view = { top: -margin, left: -margin, height: image.height + 2 * margin, width: image.width + 2 * margin };
  const alone = next === null;
  const near = (y: number, x: number) => positionNear(field, output, view.top + y * view.height, view.left + x * view.width);
  const drawing = <Drawing image={image} picture={picture} view={view} patch={patch} beside={next && patchAt(field, next)} />;
  return (
    <>
      <div className="field-scene" data-alone={alone || undefined}>
        <figure>
          {alone ? (
            <div className="field-image">{drawing}</div>
          ) : (
            <PositionPad className="field-image" label="Output value whose field is drawn on the image" output={output} position={position} onMove={setPosition} at={near}>
              {drawing}
            </PositionPad>
          )}
          <figcaption>{`Image, ${image.height}×${image.width}`}</figcaption>
        </figure>
        {!alone && (
          <figure>
            <PositionPad
              className="field-output"
              label="Output value whose field is drawn"
              output={output}
              position={position}
              onMove={setPosition}
              at={(y, x) => [cell(y, output.height), cell(x, output.width)]}
            >
              <Output output={output} position={position} />
            </PositionPad>
            <figcaption>{`Output, ${output.height}×${output.width}`}</figcaption>
          </figure>
        )}
      </div>
      <p className="field-words" aria-live="polite">{sees(patch, image, shape, position)}</p>
      <dl className="facts">
        <dt>Size</dt>
        <dd className="number">{`${sizeWords(field.size)} px`}</dd>
        <dt title="How far the fields of neighbouring output values lie apart; the thin line is the neighbour's.">Stride</dt>
        <dd className="number">{alone ? "–" : `${sizeWords(field.stride)} px`}</dd>
        <dt title="Row and column of the middle of the first output value's field, from the middle of the image's first pixel.">Offset</dt>
        <dd className="number">{`${signed(field.offset[0])}, ${signed(field.offset[1])}`}</dd>
      </dl>
    </>
  );
}

const cell = (share: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(share * count)));

function sees(patch: Patch, image: Extent, shape: readonly number[], [row, column]: Position): string {
  const [who, verb] = shape.length === 3 ? [shape[1] === 1 && shape[2] === 1 ? "Its only value" : `Row ${row}, column ${column}`, "sees"] : ["Every unit", "sees"];
  if (covers(patch, image)) return `${who} ${verb} the whole image${leaves(patch, image) ? ", and the padding around it" : ""}.`;
  return `${who} ${verb} ${patchWords(patch)}${leaves(patch, image) ? "; what is hatched lies outside the image" : ""}.`;
}

/** The size that the network takes, and a sample of the data where it has that size. */
function useImage(): { image: Extent | null; picture: Picture | null } {
  const input = useStore((state) => state.network.nodes.find((node) => node.block === "input")?.id ?? "");
  const shape = useStore((state) => state.analysis?.nodes[input]?.shape);
  const view = useCatalogue(selectDataset(useExperiment((state) => String(state.recipe.dataset ?? ""))));
  if (!shape || shape.length !== 3) return { image: null, picture: null };
  const image = extentOf(shape);
  const fits = view?.dataset.height === image.height && view.dataset.width === image.width;
  return { image, picture: fits ? pictureOf(view) : null };
}

interface DrawingProps {
  image: Extent;
  picture: Picture | null;
  view: Patch;
  patch: Patch;
  beside: Patch | null;
}

function Drawing({ image, picture, view, patch, beside }: DrawingProps) {
  const id = useId();
  const { height, width } = image;
  const unit = view.width / 150; // about a pixel of the screen
  return (
    <svg viewBox={`${view.left} ${view.top} ${view.width} ${view.height}`} role="img" aria-label={`The field on the image: ${patchWords(patch)}`}>
      <defs>
        <pattern id={`${id}hatch`} width={5 * unit} height={5 * unit} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="field-hatch" d={`M0 0V${5 * unit}`} strokeWidth={1.5 * unit} />
        </pattern>
        <pattern id={`${id}pixels`} width={spacing(width)} height={spacing(width)} patternUnits="userSpaceOnUse">
          <path className="field-pixels" d={`M${spacing(width)} 0H0V${spacing(width)}`} strokeWidth={0.6 * unit} />
        </pattern>
      </defs>
      <rect x={view.left} y={view.top} width={view.width} height={view.height} className="field-around" />
      {leaves(patch, image) && <rect x={patch.left} y={patch.top} width={patch.width} height={patch.height} fill={`url(#${id}hatch)`} />}
      {picture ? (
        <svg x="0" y="0" width={width} height={height} viewBox={picture.part.join(" ")} preserveAspectRatio="none" className="block-picture">
          <image href={picture.url} width={picture.full[0]} height={picture.full[1]} />
        </svg>
      ) : (
        <>
          <rect width={width} height={height} className="field-plain" />
          <rect width={width} height={height} fill={`url(#${id}pixels)`} />
        </>
      )}
      <rect width={width} height={height} className="field-edge" vectorEffect="non-scaling-stroke" />
      <FieldLines patch={patch} beside={beside} view={view} veil />
    </svg>
  );
}

/** Pixels between two lines of the plain image: every pixel while there is room, then every 4th, 16th. */
const spacing = (width: number): number => (width <= 40 ? 1 : width <= 160 ? 4 : 16);

function Output({ output: { height, width }, position: [row, column] }: { output: Extent; position: Position }) {
  const fine = Math.max(height, width) <= 16;
  const mark = Math.max(1, Math.max(height, width) / 16); // still seen in a large output
  const place = around({ top: row, left: column, height: 1, width: 1 }, [mark, mark]);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <rect width={width} height={height} className="field-plain" />
      {fine && Array.from({ length: height - 1 }, (_, at) => <path key={`r${at}`} className="field-pixels" d={`M0 ${at + 1}H${width}`} vectorEffect="non-scaling-stroke" />)}
      {fine && Array.from({ length: width - 1 }, (_, at) => <path key={`c${at}`} className="field-pixels" d={`M${at + 1} 0V${height}`} vectorEffect="non-scaling-stroke" />)}
      <rect x={place.left} y={place.top} width={place.width} height={place.height} className="field-cell" />
      <rect width={width} height={height} className="field-edge" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
