import { type Body, type Content, contentOf, emptyContent, isContent, joinContents } from '../spec/index.ts';

/** A request's body as content: by reference when it is one already, else gathered as it comes. */
export async function bodyContent(body: Body | undefined): Promise<Content> {
  if (!body) return emptyContent;
  if (isContent(body)) return body;
  const parts: Content[] = [];
  for await (const chunk of body) parts.push(contentOf(chunk));
  return joinContents(parts);
}
