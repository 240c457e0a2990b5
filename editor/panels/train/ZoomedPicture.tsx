import { useEffect, useRef } from "react";
import type { Position } from "../../canvas/fieldGeometry";
import { themeVersion } from "../../charts/theme";
import { short, whole } from "../../charts/words";
import { IconButton } from "../../ui/Button";
import { PositionPad } from "../../ui/PositionPad";
import { paintPicture, type Pictures } from "./pictures_of";

interface ZoomedPictureProps {
  pictures: Pictures;
  /** "Channel", "Filter", "Unit". */
  noun: string;
  image: number;
  onImage: (image: number) => void;
  position: Position;
  onPosition: (position: Position) => void;
  onClose: () => void;
}

/** One image large: the value under the pointer, or where the arrow keys have gone. */
export function ZoomedPicture({ pictures, noun, image, onImage, position, onPosition, onClose }: ZoomedPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height, width, count, stamp } = pictures;
  const row = Math.min(position[0], height - 1);
  const column = Math.min(position[1], width - 1);
  const theme = themeVersion();
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paintPicture(context, pictures, image);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the stamp stands for the pictures
  }, [stamp, image, theme]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it from wherever the focus is within
    <div
      className="zoomed"
      role="group"
      aria-label={`${noun} ${image + 1}, large`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <b>{`${noun} ${image + 1} of ${whole(count)}`}</b>
        <IconButton label={`${noun} before`} icon="left" size="small" blocked={image === 0 ? "This is the first." : null} onClick={() => onImage(image - 1)} />
        <IconButton label={`${noun} after`} icon="right" size="small" blocked={image >= count - 1 ? "This is the last." : null} onClick={() => onImage(image + 1)} />
        <IconButton label="Close the large view" icon="close" size="small" onClick={onClose} />
      </header>
      <p className="maps-note">{`Row ${row}, column ${column}: ${short(pictures.value(image, row, column))}`}</p>
      <PositionPad
        className="zoomed-picture"
        label={`${noun} ${image + 1}: value`}
        output={{ height, width }}
        position={[row, column]}
        onMove={onPosition}
        at={(y, x) => [Math.max(0, Math.min(height - 1, Math.floor(y * height))), Math.max(0, Math.min(width - 1, Math.floor(x * width)))]}
      >
        <canvas ref={canvas} width={width} height={height} aria-hidden="true" style={{ aspectRatio: `${width} / ${height}` }} />
        <i className="zoomed-mark" style={{ left: `${(100 * column) / width}%`, top: `${(100 * row) / height}%`, width: `${100 / width}%`, height: `${100 / height}%` }} />
      </PositionPad>
    </div>
  );
}
