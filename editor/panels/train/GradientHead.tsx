import { short, whole } from "../../charts/words";
import { signedGradient } from "../../charts/signed_ramp";
import type { GradientsView } from "../../live/inside";
import type { RunSession } from "../../live/session";
import { command, useRun } from "../../store/run";
import { shownTheme, useUi } from "../../store/ui";
import { Segmented } from "../../ui/Segmented";
import { Select } from "../../ui/Select";
import type { Pointed } from "./PictureGrid";
import { whyNoProbe } from "./Probe";
import { base64 } from "./probe/pictures";

interface GradientHeadProps {
  /** The gradients are shown in place of the values. */
  back: boolean;
  onBack: (back: boolean) => void;
  session: RunSession;
  classes: readonly string[];
  onEnlarge: (() => void) | null;
}

/** Forward values or the gradient that comes back, and the class whose loss it is of. */
export function GradientHead({ back, onBack, session, classes, onEnlarge }: GradientHeadProps) {
  const run = useRun((state) => state.run);
  const dark = useUi((state) => shownTheme(state.theme) === "dark");
  const { prediction } = session.inside;
  const own = prediction?.truth ?? null;
  const choose = (value: string) => {
    if (value !== "") void command({ kind: "probe", target: Number(value) });
    else if (prediction?.image) void command({ kind: "probe", image: base64(prediction.image.bytes), source: prediction.source === "uploaded" ? "uploaded" : "drawn" });
    else void command({ kind: "probe", value: prediction?.probe ?? 0 });
  };
  return (
    <div className="maps-ways">
      <Segmented label="What of the layer is shown" value={back ? "back" : "forward"} options={[{ value: "forward", label: "value" }, { value: "back", label: "gradient" }]} onChoose={(way) => onBack(way === "back")} />
      {back && (
        <>
          <i className="ramp" style={{ background: signedGradient(dark) }} title="Below zero, zero, above zero" />
          {whyNoProbe(run) === null && (
            <Select
              aria-label="Class whose loss is followed back"
              className="layer-select class-select"
              value={prediction?.target === null || prediction?.target === undefined ? "" : String(prediction.target)}
              options={[{ value: "", label: own === null ? "said class" : `true class: ${classes[own] ?? own}` }, ...classes.map((name, index) => ({ value: String(index), label: `loss of ${name}` }))]}
              onChoose={choose}
            />
          )}
        </>
      )}
      {onEnlarge && (
        <button type="button" className="link-button" onClick={onEnlarge}>
          Enlarge
        </button>
      )}
    </div>
  );
}

/** "16 of 10×10, up to ±0.012, loss 0.34, step 200", or one value. */
export function gradientWords(gradients: GradientsView, pointed: Pointed | null): string {
  const { channels, total_channels: total, height, width, peak, bytes } = gradients;
  if (pointed) {
    const value = ((bytes[(pointed.channel * height + pointed.y) * width + pointed.x] ?? 0) * peak) / 127;
    const where = height * width > 1 ? `Channel ${pointed.channel + 1}, row ${pointed.y}, column ${pointed.x}` : `Unit ${pointed.channel + 1}`;
    return `${where}: ∂L/∂output ${short(value)}`;
  }
  const shown = channels < total ? `First ${channels} of ${whole(total)}` : whole(total);
  const what = height * width > 1 ? `of ${height}×${width}` : "values";
  return `${shown} ${what}, up to ±${short(peak)}; loss ${gradients.loss === null ? "no number" : short(gradients.loss)}, step ${whole(gradients.step)}`;
}
