import type { Browser } from 'playwright-core';

export function serveApp(root: string): Promise<{ address: string; close(): Promise<void> }>;
export function launchChromium(): Promise<Browser>;
