import { covers, type Extent, leaves, patchWords, type Patch, type Position, sizeWords } from "../../canvas/fieldGeometry";
import { rampCss } from "../../charts/ramp";
import { short } from "../../charts/words";
import type { ReceptiveField } from "../../generated/types";
import type { EffectiveFieldView } from "../../live/inside";
import { Tooltip } from "../../ui/Tooltip";
import { DEFINITIONS } from "./definitions";
import { influenceWords } from "./effective_field";

const RAMP = `linear-gradient(90deg, ${Array.from({ length: 9 }, (_, index) => rampCss(index / 8, true)).join(", ")})`;

interface FieldNoteProps {
  field: ReceptiveField;
  patch: Patch;
  image: Extent;
  /** The chosen output value, where it is not the middle. */
  picked: Position | null;
  onMiddle: () => void;
  /** The effective field of the middle; undefined where it was not measured. */
  effective: EffectiveFieldView | undefined;
  /** Why there is none. */
  without: string;
  shown: boolean;
  onShow: (shown: boolean) => void;
}

/** What the chosen layer sees, in words: its field, and how much of that counts. */
export function FieldNote({ field, patch, image, picked, onMiddle, effective, without, shown, onShow }: FieldNoteProps) {
  return (
    <div className="field-note">
      <div className="field-line">
        <Tooltip text={DEFINITIONS.field}>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what it means is read on focus */}
          <b tabIndex={0}>{`Sees ${sizeWords(field.size)} px`}</b>
        </Tooltip>
        {effective && shown && !picked && effective.peak > 0 && (
          <span className="field-scale" role="img" aria-label={`Influence from 0 to ${short(effective.peak)}`}>
            0<i className="ramp" style={{ background: RAMP }} />
            {short(effective.peak)}
          </span>
        )}
        {effective && (
          <button type="button" className="button field-toggle" data-size="small" aria-pressed={shown} onClick={() => onShow(!shown)}>
            Influence
          </button>
        )}
      </div>
      {picked ? (
        <p className="field-said">
          {`Row ${picked[0]}, column ${picked[1]} sees ${covers(patch, image) ? "the whole image" : patchWords(patch)}. `}
          <button type="button" className="link-button" onClick={onMiddle}>
            Back to the middle
          </button>
        </p>
      ) : (
        <p className="field-said">{`${covers(patch, image) ? wholeImage(patch, image) : ""}${effective ? influenceWords(effective) : without}`}</p>
      )}
    </div>
  );
}

const wholeImage = (patch: Patch, image: Extent): string => (leaves(patch, image) ? "That is the whole image and beyond. " : "That is the whole image. ");
