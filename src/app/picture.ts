/** Pictures as files: a scene's SVG as it is, or painted into a PNG at twice its size. */

export const saveSvg = (name: string, svg: string): void =>
  save(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' }));

/** Rejects when the browser cannot paint one that large. */
export async function savePng(name: string, svg: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!png) throw new Error('the picture is too large to paint');
    save(`${name}.png`, png);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Offers a blob as a download. */
export function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
