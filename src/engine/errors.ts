import { EngineError } from '../spec/index.ts';

export const badRequest = (message: string): EngineError => new EngineError(400, message);
export const forbidden = (message: string): EngineError => new EngineError(403, message);
export const notFound = (message: string): EngineError => new EngineError(404, message);
export const conflict = (message: string): EngineError => new EngineError(409, message);
export const serverError = (message: string): EngineError => new EngineError(500, message);
export const notImplemented = (message: string): EngineError => new EngineError(501, message);
/** Nothing to do: the API answers 304 without a body. */
export const notModified = (): EngineError => new EngineError(304, '');

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is not simulated says so by name, before anything has changed. */
export const notSimulated = (feature: string): EngineError =>
  new EngineError(501, `drydock: ${feature} is not simulated`);

/** The same error with what was attempted before its text. */
export function wrapped(error: unknown, prefix: string): EngineError {
  return new EngineError(error instanceof EngineError ? error.status : 500, `${prefix}: ${messageOf(error)}`);
}

export const engineError = (status: number, message: string): EngineError => new EngineError(status, message);
