/** The order of a book's pages: its table of contents, or their names. */

type Files = Readonly<Record<string, string>>;

const byNumber = new Intl.Collator('en', { numeric: true });

/** Of those who take part, not of those who learn. */
const aside =
  /(?:^|\/)(?:contributing|code[_-]of[_-]conduct|changelog|licen[cs]e|security|maintainers|authors|governance|pull_request_template|_sidebar|_navbar)\.md$/i;

/** Tables of contents: of mdBook and GitBook, docsify, MkDocs. */
const contents = [/^(?:.*\/)?summary\.md$/i, /^(?:.*\/)?_sidebar\.md$/i, /^(?:.*\/)?mkdocs\.ya?ml$/i];

/** The pages in the order in which they are read; a folder's README or index goes before its others. */
export function inOrder(pages: readonly string[], files: Files): string[] {
  const named = [...pages].sort((a, b) => byNumber.compare(sortKey(a), sortKey(b)));
  const table = contents.map((kind) => Object.keys(files).find((path) => kind.test(path))).find(Boolean);
  const listed = table === undefined ? [] : linksOf(table, files[table]!).filter((path) => pages.includes(path));
  if (listed.length > 1) return [...new Set(listed)];
  const lessons = named.filter((path) => !aside.test(path));
  return lessons.length > 0 ? lessons : named;
}

/** A name that puts README and index first in their folder. */
const sortKey = (path: string): string => path.replace(/(^|\/)(?:readme|index)\.\w+$/i, '$1').toLowerCase();

function linksOf(table: string, text: string): string[] {
  const folder = table.includes('/') ? table.slice(0, table.lastIndexOf('/') + 1) : '';
  if (/\.md$/i.test(table))
    return [...text.matchAll(/\]\((?:\.?\/)?([^)#\s]+\.md)\b/g)].map(
      ([, path]) => folder + path!.replaceAll('%20', ' '),
    );
  const docs = /^docs_dir: *['"]?([\w./-]+?)\/?['"]? *$/m.exec(text)?.[1] ?? 'docs';
  return [...text.matchAll(/^\s+- +(?:[^:\n]+: *)?['"]?([\w./ -]+\.md)['"]? *$/gm)].map(
    ([, path]) => `${folder}${docs}/${path}`,
  );
}
