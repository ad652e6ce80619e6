// A second shaper: fontkit. Reads [{font, text, direction, script, language}] from standard input and answers with the
// glyphs of each in visual order: [glyph id, advance, x offset, y offset], in font units.
import * as fontkit from "fontkit";
import { readFileSync } from "node:fs";

const fonts = new Map();
const open = (path) => {
  if (!fonts.has(path)) fonts.set(path, fontkit.openSync(path));
  return fonts.get(path);
};

const shaped = JSON.parse(readFileSync(0, "utf8")).map(({ font, text, direction, script, language }) => {
  const run = open(font).layout(text, undefined, script, language, direction);
  return run.glyphs.map((glyph, at) => {
    const { xAdvance, xOffset, yOffset } = run.positions[at];
    return [glyph.id, xAdvance, xOffset, yOffset];
  });
});
process.stdout.write(JSON.stringify(shaped));
