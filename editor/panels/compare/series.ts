/** The look of each run: a colour that the colour-blind tell apart and a dash of its own, so that no two of 20 have both alike. */

export const COLOURS = 8;
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [9, 3, 2, 3], [1.5, 2]];

export interface Look {
  /** Token of the colour: "run-3". */
  token: string;
  dash: number[];
}

/** The look of the run at a place; `turned` so many colours further, as the user chose. */
export function lookAt(place: number, turned = 0): Look {
  return { token: `run-${(place + turned) % COLOURS}`, dash: [...(DASHES[place % DASHES.length] ?? [])] };
}
