import { type BoxMark, type Mark, pillMarks, type Role, type Scene, textMark, toneOn } from '../scene.ts';
import { type Measure, textWidth } from '../text.ts';
import type { BlobPart, ManifestPart, RegistryPart, RegistryPicture } from './picture.ts';
import type { TransferredBlob } from './transfer.ts';
import type { RegistryWords } from './words.ts';

export interface RegistryOptions {
  width: number;
  words: RegistryWords;
  /** Digest of a manifest or blob: only its links are drawn. */
  chosen?: string | undefined;
  /** Blobs travel: it has just happened. */
  fresh?: boolean;
  measure?: Measure;
}

const pad = 12;
const gap = 12;
/** Between manifests and blobs, where the links are. */
const middle = 34;
/** Right of the blobs, where they come in and go out. */
const lane = 16;
const blobHeight = 36;
/** More local images than this are counted. */
const mostLocal = 12;

interface Part {
  registry: RegistryPart;
  left: number;
  leftWidth: number;
  right: number;
  rightWidth: number;
}

/**
 * A registry as a box: at the left its repositories with their tags and manifests, at the right its blobs, each once,
 * however many manifests name it.
 *
 *     [this host: web:1  busybox]------------------+
 *     +- localhost:5000 --------------------------+|
 *     | team/web                                  ||
 *     | [v1 latest | manifest ab12] ---- [config] <+
 *     |                            \---- [layer ] <+
 *     | [v0        | manifest 77ff] ----/          |
 *     +--------------------------------------------+
 */
export function registryScene(picture: RegistryPicture, options: RegistryOptions): Scene {
  return new Drawing(picture, options).draw();
}

class Drawing {
  private readonly marks: Mark[] = [];
  private readonly measure: Measure;
  private readonly words: RegistryWords;
  private readonly width: number;
  private readonly moved: Map<string, TransferredBlob>;
  private hostBottom = 0;
  private travels = 0;

  constructor(
    private readonly picture: RegistryPicture,
    private readonly options: RegistryOptions,
  ) {
    this.measure = options.measure ?? textWidth;
    this.words = options.words;
    this.width = options.width;
    this.moved = new Map(picture.transfer?.blobs.map((blob) => [blob.digest, blob]));
  }

  draw(): Scene {
    let y = this.local() + gap + 8;
    for (const registry of this.picture.registries) y = this.registry(registry, y) + gap;
    return { width: this.width, height: y - gap + 2, marks: this.marks, label: this.words.picture };
  }

  private local(): number {
    const { words, width, picture } = this;
    const at = this.marks.length;
    const room = width - 2 * pad;
    this.text('local:title', pad, 9, words.host, { size: 13, face: 'bold', tone: 'kernel', width: room });
    const shown = picture.local.slice(0, mostLocal);
    const rest = picture.local.length - shown.length;
    let y = this.pills(
      shown.map(({ id, name, pushed }) => ({
        id: `local:${id}`,
        text: name,
        label: words.local(name, pushed),
        role: pushed ? 'good' : 'panel',
      })),
      pad,
      32,
      room,
    );
    if (rest > 0) {
      this.text('local:more', pad, y, words.more(rest), { size: 11.5, tone: 'kernel', width: room });
      y += 18;
    }
    this.hostBottom = Math.max(y, 32) + 4;
    this.box({ id: 'local', role: 'kernel', x: 0, y: 0, width, height: this.hostBottom, label: words.host }, at);
    return this.hostBottom;
  }

  private registry(registry: RegistryPart, y: number): number {
    const { words, width } = this;
    const id = `registry:${registry.host}`;
    const at = this.marks.length;
    const inner = width - 2 * pad - lane;
    const leftWidth = Math.round((inner - middle) * 0.5);
    const right = pad + leftWidth + middle;
    const part: Part = { registry, left: pad, leftWidth, right, rightWidth: inner - leftWidth - middle };
    const title = words.registry(registry);
    this.text(`${id}:title`, pad, y + 10, title, {
      size: 13.5,
      face: 'bold',
      tone: 'registry',
      width: width - 2 * pad,
    });
    const top = y + 36;
    const [manifests, leftEnd] = this.repositories(part, top);
    const [blobs, rightEnd] = this.blobs(part, top);
    this.links(registry, manifests, blobs);
    this.carry(registry, blobs);
    let bottom = Math.max(leftEnd, rightEnd);
    bottom = this.footer(registry, bottom + 2) + pad - 4;
    this.box({ id, role: 'registry', x: 0, y, width, height: bottom - y, label: title, stop: true }, at);
    return bottom;
  }

  private footer(registry: RegistryPart, y: number): number {
    const { words, width } = this;
    const id = `registry:${registry.host}`;
    const { garbage, repositories, others, container } = registry;
    const lines = [
      repositories.length === 0 && words.empty,
      others > 0 && words.others(others),
      (container || garbage.blobs.length + garbage.manifests.length > 0) &&
        repositories.length > 0 &&
        words.garbage(garbage),
    ].flatMap((line) => line || []);
    for (const [index, line] of lines.entries())
      this.text(`${id}:foot:${index}`, pad, y + index * 18, line, { size: 11.5, tone: 'dim', width: width - 2 * pad });
    return y + lines.length * 18;
  }

  private repositories(part: Part, top: number): [Map<string, BoxMark>, number] {
    const boxes = new Map<string, BoxMark>();
    let y = top;
    for (const repository of part.registry.repositories) {
      const id = `repository:${part.registry.host}/${repository.name}`;
      this.text(id, part.left, y, repository.name, { size: 12.5, face: 'bold', width: part.leftWidth });
      y += 22;
      for (const manifest of repository.manifests) {
        const box = this.manifest(manifest, `${id}@${manifest.info.digest}`, part, y);
        boxes.set(`${repository.name}@${manifest.info.digest}`, box);
        y = box.y + box.height + 8;
      }
      y += 6;
    }
    return [boxes, y];
  }

  private manifest(part: ManifestPart, id: string, { left, leftWidth }: Part, y: number): BoxMark {
    const { words } = this;
    const at = this.marks.length;
    const room = leftWidth - 16;
    const role: Role = part.reachable ? 'panel' : 'whiteout';
    const tone = toneOn(role);
    let row = y + 7;
    row = this.pills(
      part.tags.map((tag) => ({ id: `${id}:tag:${tag}`, text: tag, label: words.tag(tag), role: 'pill' })),
      left + 8,
      row,
      room,
    );
    this.text(`${id}:digest`, left + 8, row, words.manifest(part), { size: 11, face: 'mono', tone, width: room });
    row += 17;
    const told = !part.reachable && part.tags.length === 0 ? words.untagged : '';
    const here = part.here.length > 0 ? words.here(part.here) : words.notHere;
    for (const [index, line] of [told, here].filter(Boolean).entries()) {
      this.text(`${id}:note:${index}`, left + 8, row, line, {
        size: 11,
        tone: role === 'panel' ? (part.here.length > 0 ? 'good' : 'dim') : tone,
        width: room,
      });
      row += 16;
    }
    const label = [words.manifest(part), ...part.tags, told, here].filter(Boolean).join('; ');
    const box: BoxMark = {
      kind: 'box',
      id,
      role,
      x: left,
      y,
      width: leftWidth,
      height: row + 4 - y,
      label: `${label}; ${part.info.digest}`,
      stop: true,
    };
    this.marks.splice(at, 0, box);
    return box;
  }

  private blobs({ registry, right, rightWidth }: Part, top: number): [Map<string, BoxMark>, number] {
    const boxes = new Map<string, BoxMark>();
    const { transfer } = this.picture;
    const here = transfer && isAt(registry, transfer.registry);
    let y = top;
    for (const blob of registry.blobs) {
      const moved = here ? this.moved.get(blob.digest) : undefined;
      const box = this.blob(blob, moved, `blob:${registry.host}:${blob.digest}`, right, y, rightWidth);
      boxes.set(blob.digest, box);
      y += blobHeight + 7;
    }
    return [boxes, y];
  }

  private blob(
    blob: BlobPart,
    moved: TransferredBlob | undefined,
    id: string,
    x: number,
    y: number,
    width: number,
  ): BoxMark {
    const { words } = this;
    const role: Role =
      blob.users === 0 ? 'whiteout' : blob.users > 1 ? 'shared' : blob.kind === 'layer' ? 'layer' : 'panel';
    const tone = toneOn(role);
    const note = moved ? words.moved(moved, this.picture.transfer!.direction) : words.blobNote(blob);
    const label = [words.blob(blob), words.blobNote(blob), moved && note, blob.digest].filter(Boolean).join('; ');
    const box: BoxMark = { kind: 'box', id, role, x, y, width, height: blobHeight, label, stop: true };
    this.marks.push({ ...box, ...(moved && this.options.fresh && { news: true }) });
    this.text(`${id}:name`, x + 8, y + 4, words.blob(blob), { size: 11, face: 'mono', tone, width: width - 16 });
    this.text(`${id}:note`, x + 8, y + 19, note, { size: 11, tone, width: width - 16 });
    return box;
  }

  /** From each manifest to what it names; of the chosen thing only, when something is chosen. */
  private links(
    registry: RegistryPart,
    manifests: ReadonlyMap<string, BoxMark>,
    blobs: ReadonlyMap<string, BoxMark>,
  ): void {
    const { chosen } = this.options;
    for (const repository of registry.repositories) {
      for (const { info } of repository.manifests) {
        const from = manifests.get(`${repository.name}@${info.digest}`)!;
        for (const { digest } of [...(info.config ? [info.config] : []), ...info.layers]) {
          const to = blobs.get(digest);
          if (!to) continue;
          const bold = chosen === from.id || chosen === to.id;
          this.marks.push({
            kind: 'link',
            id: `names:${from.id}:${digest}`,
            tone: bold ? 'good' : 'registry',
            bold,
            points: [
              [from.x + from.width, from.y + from.height / 2],
              [to.x, to.y + to.height / 2],
            ],
          });
        }
      }
    }
  }

  /** Blobs that the last command moved, between the host and their place. */
  private carry(registry: RegistryPart, blobs: ReadonlyMap<string, BoxMark>): void {
    const { transfer } = this.picture;
    if (!transfer || !isAt(registry, transfer.registry)) return;
    const x = this.width - pad;
    for (const { digest, state } of transfer.blobs) {
      const box = blobs.get(digest);
      if (!box || state === 'exists' || state === 'mounted') continue;
      const y = box.y + box.height / 2;
      const up = [[x, this.hostBottom] as const, [x, y] as const, [box.x + box.width, y] as const];
      this.marks.push({
        kind: 'link',
        id: `carry:${digest}`,
        tone: state === 'failed' ? 'whiteout' : 'good',
        bold: true,
        arrow: true,
        ...(state === 'failed' && { dashed: true }),
        ...(this.options.fresh && { travels: this.travels++ }),
        points: transfer.direction === 'push' ? up : up.reverse(),
      });
    }
  }

  private pills(
    pills: readonly { id: string; text: string; label: string; role: Role }[],
    x: number,
    y: number,
    width: number,
  ): number {
    let left = x;
    let top = y;
    for (const { id, text, label, role } of pills) {
      const wide = Math.min(width, this.measure(text, 11, 'mono') + 16);
      if (left > x && left + wide > x + width) {
        left = x;
        top += 24;
      }
      const options = { role, tone: toneOn(role), most: width, measure: this.measure };
      const [box, words] = pillMarks(id, { x: left, y: top }, text, options);
      this.marks.push({ ...box, label }, words);
      left += box.width + 5;
    }
    return pills.length > 0 ? top + 25 : y;
  }

  private box(mark: Omit<BoxMark, 'kind'>, at: number): void {
    this.marks.splice(at, 0, { kind: 'box', ...mark });
  }

  private text(...[id, x, y, text, options]: Parameters<typeof textMark>): void {
    this.marks.push(textMark(id, x, y, text, { ...options, measure: this.measure }));
  }
}

/** A registry is reached by several names: of a published port the number counts. */
const isAt = ({ host }: RegistryPart, domain: string): boolean =>
  host === domain || (host.includes(':') && host.split(':')[1] === domain.split(':')[1]);
