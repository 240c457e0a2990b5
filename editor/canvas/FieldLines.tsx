import type { Patch } from "./fieldGeometry";

interface FieldLinesProps {
  patch: Patch;
  /** The field of the output value beside it. */
  beside?: Patch | null;
  /** A part of the field that is marked in it. */
  core?: Patch | null;
  /** What is shown; where a field goes on beyond it, its side is dotted. */
  view: Patch;
  /** What lies outside the field is veiled. */
  veil?: boolean;
}

/** A receptive field over its image, in an svg whose units are pixels of the image. */
export function FieldLines({ patch, beside = null, core = null, view, veil = false }: FieldLinesProps) {
  return (
    <g className="field-lines">
      {veil && <path className="field-veil" fillRule="evenodd" d={`${outline(view)}${outline(patch)}`} />}
      {beside && <Sides patch={beside} view={view} className="field-beside" />}
      <Sides patch={patch} view={view} className="field-ground" />
      <Sides patch={patch} view={view} className="field-patch" />
      {core && <Sides patch={core} view={view} className="field-core" />}
    </g>
  );
}

const outline = ({ top, left, height, width }: Patch): string => `M${left} ${top}h${width}v${height}h${-width}z`;

function Sides({ patch, view, className }: { patch: Patch; view: Patch; className: string }) {
  const [top, bottom] = [patch.top, patch.top + patch.height];
  const [left, right] = [patch.left, patch.left + patch.width];
  const [highest, lowest] = [Math.max(top, view.top), Math.min(bottom, view.top + view.height)];
  const [leftmost, rightmost] = [Math.max(left, view.left), Math.min(right, view.left + view.width)];
  if (highest >= lowest || leftmost >= rightmost) return null;
  const side = (name: string, cut: boolean, d: string) => <path key={name} className={className} data-cut={cut || undefined} d={d} vectorEffect="non-scaling-stroke" />;
  return (
    <>
      {side("top", top < view.top, `M${leftmost} ${highest}H${rightmost}`)}
      {side("bottom", bottom > lowest, `M${leftmost} ${lowest}H${rightmost}`)}
      {side("left", left < view.left, `M${leftmost} ${highest}V${lowest}`)}
      {side("right", right > rightmost, `M${rightmost} ${highest}V${lowest}`)}
    </>
  );
}
