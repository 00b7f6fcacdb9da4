import { type BoxMark, type Scene, type TextMark, textWidth } from '../../src/diagram/index.ts';

/** What a person would call broken: ids that are not unique, boxes that cross, texts that leave their box. */
export function sceneProblems(scene: Scene): string[] {
  const boxes = scene.marks.filter((mark): mark is BoxMark => mark.kind === 'box');
  const texts = scene.marks.filter((mark): mark is TextMark => mark.kind === 'text');
  const ids = scene.marks.map((mark) => mark.id);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`),
    ...boxes.filter((box) => !inside(box, whole(scene))).map((box) => `leaves the picture: ${box.id}`),
    ...boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => overlap(a, b) && !inside(a, b) && !inside(b, a))
        .map((b) => `crosses: ${a.id}, ${b.id}`),
    ),
    ...texts
      .filter((text) => !inside(extent(text), ground(text, boxes, scene)))
      .map((text) => `leaves its box: ${text.id} "${text.text}"`),
    ...texts.flatMap((a, index) =>
      texts
        .slice(index + 1)
        .filter((b) => a.text && b.text && overlap(extent(a), extent(b)))
        .map((b) => `texts overlap: ${a.id}, ${b.id}`),
    ),
  ];
}

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const slack = 1;
const whole = ({ width, height }: Scene): Rectangle => ({ x: 0, y: 0, width, height });

const inside = (a: Rectangle, b: Rectangle): boolean =>
  a.x >= b.x - slack &&
  a.y >= b.y - slack &&
  a.x + a.width <= b.x + b.width + slack &&
  a.y + a.height <= b.y + b.height + slack;

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x + slack < b.x + b.width &&
  b.x + slack < a.x + a.width &&
  a.y + slack < b.y + b.height &&
  b.y + slack < a.y + a.height;

function extent(text: TextMark): Rectangle {
  const width = textWidth(text.text, text.size, text.face);
  const shift = text.anchor === 'end' ? width : text.anchor === 'middle' ? width / 2 : 0;
  return { x: text.x - shift, y: text.y, width, height: text.size };
}

/** The smallest box that a text begins in. */
function ground(text: TextMark, boxes: BoxMark[], scene: Scene): Rectangle {
  const { x, y, height, width } = extent(text);
  const at = { x: text.anchor === 'end' ? x + width - 2 : x + 1, y: y + height / 2, width: 0, height: 0 };
  const under = boxes.filter((box) => inside(at, box)).sort((a, b) => a.width * a.height - b.width * b.height);
  return under[0] ?? whole(scene);
}
