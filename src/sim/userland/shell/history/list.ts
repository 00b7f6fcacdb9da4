/** The commands a shell remembers; numbers count from the first one of the session, however many were dropped since. */
export class HistoryList {
  entries: { line: string; time?: number; edited?: boolean }[] = [];
  /** Number of the first entry. */
  base = 1;
  /** How many of the newest are of this session and not in the file yet (`history -a`). */
  fresh = 0;
  /** Lines of the file that are known here (`history -n`). */
  read = 0;
  /** The command that runs was remembered when it was read. */
  holdsCurrent = false;

  get lines(): string[] {
    return this.entries.map((e) => e.line);
  }
  get length(): number {
    return this.entries.length;
  }
  at(index: number): string | undefined {
    return this.entries.at(index)?.line;
  }
  add(line: string, time?: number): void {
    this.entries.push({ line, time });
    this.fresh++;
  }
  remove(from: number, count = 1): void {
    this.entries.splice(from, count);
    this.fresh = Math.min(this.fresh, this.entries.length);
  }
  clear(): void {
    this.entries = [];
    this.base = 1;
    this.fresh = 0;
  }
  /** Drops the oldest beyond `most`. */
  stifle(most: number): void {
    const over = this.entries.length - most;
    if (over <= 0) return;
    this.entries.splice(0, over);
    this.base += over;
    this.fresh = Math.min(this.fresh, most);
  }
  copy(): HistoryList {
    return Object.assign(new HistoryList(), this, { entries: [...this.entries] });
  }
}
