import type { Picture } from "./marks";

/** A sample of the data on the input's face. */
export function Sample({ picture, w, h }: { picture: Picture; w: number; h: number }) {
  return (
    <svg x="0" y={-h / 2} width={w} height={h} viewBox={picture.part.join(" ")} preserveAspectRatio="none" className="block-picture">
      <image href={picture.url} width={picture.full[0]} height={picture.full[1]} />
      <rect x={picture.part[0]} y={picture.part[1]} width={picture.part[2]} height={picture.part[3]} className="block-frame" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/** The input's face where no data set here has images of its size: the sign for any picture. */
export function AnyImage({ w, h }: { w: number; h: number }) {
  return (
    <svg x="0" y={-h / 2} width={w} height={h} viewBox="0 0 20 20" preserveAspectRatio="none">
      <path className="slab-inside" d="M3 15l4.5-6 3.5 4.5 2.5-3L17 15M13 6.5a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0" />
    </svg>
  );
}
