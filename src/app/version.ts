declare const __DRYDOCK_VERSION__: string;

/** This program's version, as package.json has it: put in by the build. */
export const program: string = __DRYDOCK_VERSION__;
