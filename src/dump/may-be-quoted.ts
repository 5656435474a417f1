import type { Source } from '../base/source.ts'

/** Endings of texts that somebody wrote or saved: manifests, pages, letters, patches. What is quoted in them was put there to be read. */
const WRITTEN = new Set([
  ...['yaml', 'yml', 'json', 'md', 'mdx', 'markdown', 'adoc', 'asciidoc', 'rst', 'org', 'txt', 'eml', 'diff', 'patch'],
])

/**
 * May its lines have something before them that is no part of them? In a folder or an archive only those of texts that somebody wrote:
 * what a log of a bundle quotes is no part of the dump.
 */
export const mayBeQuoted = ({ name, partOf }: Pick<Source, 'name' | 'partOf'>): boolean => {
  if (partOf === undefined) return true
  const file = name.slice(name.lastIndexOf('/') + 1).replace(/\.gz$/, '')
  return file.includes('.') && WRITTEN.has(file.slice(file.lastIndexOf('.') + 1).toLowerCase())
}
