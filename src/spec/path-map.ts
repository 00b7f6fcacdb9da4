/** Values by path (`a/b`, `/a/b`) that finds and removes what is below a path at the cost of what is there. */
export class PathMap<T> {
  private readonly values = new Map<string, T>();
  /** By directory: the paths right below it, whether they have a value or only something below them. */
  private readonly children = new Map<string, Set<string>>();

  get size(): number {
    return this.values.size;
  }
  get(path: string): T | undefined {
    return this.values.get(path);
  }
  has(path: string): boolean {
    return this.values.has(path);
  }
  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.values.entries();
  }

  set(path: string, value: T): void {
    if (!this.values.has(path)) this.link(path);
    this.values.set(path, value);
  }

  /** A path and all below it. */
  remove(path: string): void {
    this.removeBelow(path);
    this.values.delete(path);
    this.children.get(parentOf(path))?.delete(path);
  }

  removeBelow(path: string): void {
    for (const below of this.pathsBelow(path)) {
      this.values.delete(below);
      this.children.delete(below);
    }
    this.children.delete(path);
  }

  /** Everything below a path, itself left out. */
  *below(path: string): Generator<[string, T], void> {
    for (const below of this.pathsBelow(path)) {
      const value = this.values.get(below);
      if (value !== undefined) yield [below, value];
    }
  }

  private pathsBelow(path: string): string[] {
    const found = [...(this.children.get(path) ?? [])];
    for (let at = 0; at < found.length; at++) {
      for (const child of this.children.get(found[at]!) ?? []) found.push(child);
    }
    return found;
  }

  private link(path: string): void {
    for (let at = path; at !== ''; ) {
      const parent = parentOf(at);
      const siblings = this.children.get(parent);
      if (siblings) {
        siblings.add(at);
        return;
      }
      this.children.set(parent, new Set([at]));
      at = parent;
    }
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
