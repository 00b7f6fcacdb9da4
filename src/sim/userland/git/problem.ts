/** How a git command ends early. */

/** `fatal: ...`, exit status 128. */
export class Fatal extends Error {
  constructor(
    message: string,
    readonly status = 128,
  ) {
    super(message);
  }
}

/** Ends with a status; whatever was to be said has been said. */
export class Quit extends Error {
  constructor(readonly status: number) {
    super(`quit ${status}`);
  }
}

/** Wrong options: the text, then the command's usage; exit status 129. */
export class Misuse extends Error {}
