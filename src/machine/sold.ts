/**
 * Repositories of the catalogue that are not of the library, by the names that the Hub has for them. Not asked of the
 * catalogue itself: the start of the page does not wait for that.
 */
const owned: readonly string[] = ['docker/welcome-to-docker', 'mikesir87/cats'];

/** Whether the catalogue brings this repository into the Hub; all others are pushed. */
export const isSold = (repository: string): boolean => repository.startsWith('library/') || owned.includes(repository);
